"""`./crm manage run_job CODE`: the command twin of «run now» on the page of jobs; works without a worker."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upsell_crm.core import jobs
from upsell_crm.core.models import JobRun


class Command(BaseCommand):
    help = "Run a job here and now and wait for its end; without a code, list the jobs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help="of the job")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["code"]
        if not code:
            for job in jobs.registry().values():
                self.stdout.write(f"{job.code:<20} {job.label}, {job.schedule.words}")
            return
        if code not in jobs.registry():
            raise CommandError(f"there is no job “{code}”; the jobs are: {', '.join(jobs.registry())}")
        jobs.free_silent()
        run = jobs.execute(jobs.request_run(code=code, by=None).pk)
        if run is None:
            raise CommandError(f"{code} is running already; see the page of jobs")
        if run.state != JobRun.State.DONE:
            raise CommandError(f"{code} failed: {run.error}")
        self.stdout.write(json.dumps(run.result, ensure_ascii=False))
