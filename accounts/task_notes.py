"""What upper rooms know of a task and its own row does not say: where it belongs, what keeps it from being begun.

A room says so in its AppConfig: `task_notes = "<room>.task_notes.notes_of"`, a function of the reader, the tasks and the
day that gives notes by task pk. This room reads them as it reads `timeline_sources`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.apps import apps
from django.utils.module_loading import import_string

from accounts.models import Task
from upsell_crm.core.models import User


@dataclass(frozen=True, slots=True)
class TaskNote:
    """Where a task belongs («» = the reader may not open it) and, in words, why it cannot begin."""

    name: str
    url: str = ""
    held: Sequence[str] = ()


NotesOf = Callable[[User, Sequence[Task], date], dict[int, TaskNote]]


@cache
def _providers() -> tuple[NotesOf, ...]:
    rooms = apps.get_app_configs()
    return tuple(import_string(room.task_notes) for room in rooms if hasattr(room, "task_notes"))


def notes_for(user: User, tasks: Sequence[Task], today: date) -> dict[int, TaskNote]:
    """Task → its note, where a room has one; the number of statements does not grow with the tasks."""
    notes: dict[int, TaskNote] = {}
    for notes_of in _providers():
        notes |= notes_of(user, tasks, today)
    return notes
