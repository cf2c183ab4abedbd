"""What the pages of syncs show: one sync with its agenda and protocol, the list of a plan (R51)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.calendar import load_calendar
from accounts.enums import Fact, InteractionState
from roadmaps.agenda import SyncOutlook, agenda_of
from roadmaps.enums import FLAG_ITEM, TASK_ITEM
from roadmaps.models import Plan, Sync
from roadmaps.plan_history import Told, told_by_number
from roadmaps.plan_page import read_along
from roadmaps.revision_words import FIELDS
from upsell_crm.core.http import PageRequest

MORNING = time(10)
SOON = timedelta(
    minutes=20
)  # a sync that begins now is planned so far ahead, and held when its protocol is saved
WHY: dict[str, Promise] = {
    "late": _("Late"), "blocked": _("Blocked"), "waits": _("Wait for other tasks"), "due": _("Due before the next sync"),
}  # fmt: skip
TONES = {"late": "bad", "blocked": "warn", "waits": "info", "due": ""}


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of the agenda with one reason."""

    why: str
    label: Promise
    tone: str
    rows: list[dict[str, Any]]


def the_sync(request: PageRequest, public_id: Any) -> Sync:
    """A sync of a strategy that this person may open; 404 otherwise."""
    syncs = Sync.objects.visible_to(request.user).select_related(
        "interaction__author", "revision", "plan__deal__company__head", "plan__deal__company__owner_kam",
        "plan__deal__responsible_kam", "plan__deal__team__lead", "plan__validated_by",
    )  # fmt: skip
    reads = read_along(request.user, "plan__")
    sync = get_object_or_404(syncs.annotate(**reads), public_id=public_id)
    vars(sync.plan).update((name, getattr(sync, name)) for name in reads)
    return sync


def agenda_now(sync: Sync, today: date, read: SyncOutlook) -> dict[str, Any]:
    """The frozen agenda of a held sync, the one made by itself before that, none of one that was called off."""
    return agenda_of(sync.plan, sync, today, read) if sync.is_planned else sync.agenda


def told_for(agenda: dict[str, Any], read: SyncOutlook, *others: int) -> dict[int, Told]:
    """Revisions of the agenda and the `others`, by number, in words; none is read where nothing is told."""
    wanted = {row["number"] for row in agenda.get("revisions", ())} | set(others)
    told = told_by_number(read.revisions, wanted, read.links, syncs=()) if wanted else []
    return {one.revision.number: one for one in told}


def agenda_shown(agenda: dict[str, Any], told: Mapping[int, Told]) -> dict[str, Any]:
    """The agenda with labels and days for a template; lines of the changes of the plan come from its revisions."""
    lines = {number: one.lines for number, one in told.items()}
    tasks = [{**row, "day": _day(row["due_on"])} for row in agenda.get("tasks", ())]
    groups = [
        Group(why, label, TONES[why], [row for row in tasks if row["why"] == why])
        for why, label in WHY.items()
    ]
    return {
        "until": _day(agenda.get("until", "")),
        "results": [{**row, "day": _day(row["done_on"])} for row in agenda.get("results", ())],
        "groups": [group for group in groups if group.rows],
        "facts": [{**row, "label": dict(Fact.choices).get(row["fact"], row["fact"])} for row in agenda.get("facts", ())],
        "revisions": [
            {**row, "day": _day(row["on"]), "lines": lines.get(row["number"], [])} for row in agenda.get("revisions", ())
        ],
        "comments": [{**row, "label": item_words(row["item"])} for row in agenda.get("comments", ())],
        "decisions": agenda.get("decisions", ()),
    }  # fmt: skip


def item_words(item: str) -> str:
    """What a comment of the lead is about: a field of the head by its name, a task or a flag in general."""
    if item.startswith(TASK_ITEM):
        return str(pgettext_lazy("comment", "a task"))
    if item.startswith(FLAG_ITEM):
        return str(pgettext_lazy("comment", "a flag"))
    return str(FIELDS.get(item, pgettext_lazy("comment", "the plan")))


def first_time(plan: Plan, today: date, now: datetime) -> datetime:
    """When the next sync could be: a week after the last one on a working day, in the morning."""
    last = (
        Sync.objects.filter(plan=plan, interaction__state=InteractionState.HELD).order_by("-number").first()
    )
    hour = _usual(timezone.localtime(last.interaction.starts_at).time()) if last else MORNING
    on = (
        max(timezone.localtime(last.interaction.starts_at).date() + timedelta(days=7), today)
        if last
        else today
    )
    calendar = load_calendar()
    at = timezone.make_aware(datetime.combine(calendar.add(on, 0), hour))
    return at if at > now + SOON else timezone.make_aware(datetime.combine(calendar.add(today, 1), hour))


def _usual(at: time) -> time:
    """The same quarter of an hour as last time, in working hours."""
    return time(at.hour, at.minute // 15 * 15) if 8 <= at.hour < 19 else MORNING


def begins_now(now: datetime) -> datetime:
    """The start of a sync that is held at once, on a whole five minutes."""
    later = (now + SOON).replace(second=0, microsecond=0)
    return later + timedelta(minutes=-later.minute % 5)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
