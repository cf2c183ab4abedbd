"""A fan-out in a process of its own that kills itself after so many portions; run by test_feature_release_races.py."""

SCRIPT = """
import os, signal, django
django.setup()
from accounts.services import feature_release
die_after, inside = {0}, {1}
written, portions = feature_release._write, 0

def write(tasks):
    global portions
    made = written(tasks)
    portions += 1
    if portions == die_after and inside:
        os.kill(os.getpid(), signal.SIGKILL)
    return made

def beat(percent):
    if portions == die_after and not inside:
        os.kill(os.getpid(), signal.SIGKILL)

feature_release._write = write
feature_release.fan_out(heartbeat=beat)
"""
