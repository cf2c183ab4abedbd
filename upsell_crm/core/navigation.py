"""The sidebar: at most six places per person, chosen by rights; and the first page after signing in."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

MAX_ITEMS = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A page worth a line in the sidebar: its name, a short one for phones, and who needs it.

    A person sees it when he holds one of `roles`, or a right to one of `actions`.
    """

    url_name: str
    label: Promise
    short: Promise
    icon: str
    roles: frozenset[Role] = frozenset()
    actions: tuple[Action, ...] = ()
    hotkey: str = ""

    def is_for(self, user: User) -> bool:
        return user.has_role(*self.roles) or any(user.scopes(action) for action in self.actions)


# Most frequent first (domain.md §6).
PLACES = (
    Place("reports:my_day", _("My day"), _("My day"), "sun", frozenset({Role.KAM}), hotkey="g d"),
    Place(
        "reports:team_priorities", _("Team priorities"), pgettext_lazy("navigation", "Team"), "target",
        frozenset({Role.LEAD, Role.HEAD}), hotkey="g p",
    ),
    Place(
        "trainings:training_list", _("Trainings"), _("Trainings"), "calendar",
        frozenset({Role.TUTOR, Role.CSM}), hotkey="g l",
    ),
    Place(
        "reports:signal_list", _("Reasons to call"), pgettext_lazy("navigation", "Reasons"), "bolt",
        frozenset({Role.KAM, Role.PERFORMER, Role.RESEARCHER, Role.CLOSER, Role.CSM, Role.LEAD, Role.HEAD}), hotkey="g n",
    ),
    Place(
        "deals:document_list", _("Documents"), _("Documents"), "document",
        frozenset({Role.LAWYER, Role.BACKOFFICE, Role.CLOSER}), hotkey="g o",
    ),
    Place(
        "accounts:company_list", _("Companies"), _("Companies"), "building",
        actions=(Action.SEE_COMPANY,), hotkey="g c",
    ),
    Place(
        "trainings:activity_list", _("Marketing"), _("Marketing"), "mail", frozenset({Role.MARKETING}), hotkey="g m",
    ),
    Place(
        "accounts:feature_board", _("Awaited features"), pgettext_lazy("navigation", "Features"), "bookmark",
        frozenset({Role.ADMIN}), hotkey="g f",
    ),
    Place("deals:deal_list", _("Deals"), _("Deals"), "flag", actions=(Action.SEE_DEAL,), hotkey="g s"),
    Place(
        "accounts:task_list", _("My tasks"), _("Tasks"), "task", actions=(Action.LOG_INTERACTION,), hotkey="g t",
    ),
    Place(
        "reports:existing_clients", _("Existing clients"), pgettext_lazy("navigation", "Report"), "chart",
        actions=(Action.SEE_REPORT,), hotkey="g r",
    ),
    Place(
        "roadmaps:plan_list", _("Strategies"), _("Strategies"), "target",
        frozenset({Role.KAM, Role.LEAD, Role.HEAD}), hotkey="g y",
    ),
    Place(
        "accounts:import_list", _("Import"), _("Import"), "upload",
        actions=(Action.IMPORT_CLIENTS, Action.IMPORT_BOOKS), hotkey="g i",
    ),
    Place("core:job_list", _("Jobs"), _("Jobs"), "bolt", actions=(Action.MANAGE_JOBS,), hotkey="g j"),
    Place("admin:index", _("Administration"), _("Admin"), "gear", frozenset({Role.ADMIN})),
)  # fmt: skip


# Pages of the reasons to call, one strip of tabs on each of them (`{% reasons %}`).
REASONS: tuple[Place, ...] = (
    Place(
        "reports:signal_list", _("Signals"), _("Signals"), "bolt", actions=(Action.SEE_RANKING,),
    ),
    Place(
        "trainings:training_list", _("Trainings"), _("Trainings"), "calendar", actions=(Action.PLAN_TRAINING,),
    ),
    Place(
        "accounts:feature_board", _("Awaited features"), pgettext_lazy("navigation", "Features"), "bookmark",
        actions=(Action.SEE_FEATURES,),
    ),
    Place(
        "deals:whitespace", _("Whitespace"), _("Whitespace"), "filter", actions=(Action.SEE_COMPANY,),
    ),
    Place(
        "trainings:activity_list", _("Marketing"), _("Marketing"), "mail", actions=(Action.SEE_MARKETING,),
    ),
    Place(
        "trainings:note_list", pgettext_lazy("notes", "Experience"), pgettext_lazy("notes", "Experience"), "note",
        actions=(Action.WRITE_NOTE,),
    ),
)  # fmt: skip


def reasons_for(user: User) -> list[Place]:
    """The tabs that this person may open, in the order of the table."""
    return [place for place in REASONS if place.is_for(user)]


def places_for(user: User) -> list[Place]:
    """What stands in this person's sidebar, most frequent first; at most six."""
    return [place for place in PLACES if place.is_for(user)][:MAX_ITEMS]


def more_places_for(user: User) -> list[Place]:
    """His places beyond the six: they wait in his menu."""
    return [place for place in PLACES if place.is_for(user)][MAX_ITEMS:]


def sidebar(request: PageRequest) -> list[dict[str, Any]]:
    """The places with their addresses; the one that holds the present page is marked."""
    items: list[dict[str, Any]] = [
        {"place": place, "url": reverse(place.url_name)} for place in places_for(request.user)
    ]
    here = max((item["url"] for item in items if request.path.startswith(item["url"])), key=len, default="")
    return [{**item, "is_here": item["url"] == here} for item in items]


def first_page_of(user: User) -> str:
    """Where `/` leads: KAM, lead, tutor, BackOffice and lawyer each to the page of their day; others to companies."""
    if user.has_role(Role.KAM):
        return "reports:my_day"
    if user.has_role(Role.LEAD, Role.HEAD):
        return "reports:team_priorities"
    if user.has_role(Role.TUTOR, Role.CSM):
        return "trainings:training_list"
    if user.has_role(Role.BACKOFFICE):
        return "reports:existing_clients"
    if user.has_role(Role.LAWYER):
        return "deals:document_list"
    return "accounts:company_list" if user.scopes(Action.SEE_COMPANY) else "core:password_change"
