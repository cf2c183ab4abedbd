"""What to do about a reason: links to the forms that are there already, filled in where they can be."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deals.proposals import TARGET
from reports.models import RankRow
from reports.signals.look import Evidence
from upsell_crm.core.roles import Action

Query = Callable[[Evidence, RankRow], str]


def nothing_more(_evidence: Evidence, _row: RankRow) -> str:
    """The form as it opens."""
    return ""


def that_feature(evidence: Evidence, _row: RankRow) -> str:
    """The outcome form with the presentation of the feature ticked."""
    return f"?fresh=1&wait={evidence['wait']}"


def a_plan(_evidence: Evidence, _row: RankRow) -> str:
    """The outcome form with a moment that is still ahead, which makes it a plan."""
    return "?fresh=1&plan=1"


def seats_wanted(evidence: Evidence, row: RankRow) -> str:
    """«?target-casebook=45»: seats that the ranking finds possible, and at least one for everybody who needs it now."""
    potential = (row.evidence or {}).get("potential") or {}
    wanted = {one["product"]: int(one["target"]) for one in potential.get("products", [])}
    product = evidence.get("product")
    if product:
        needed = max(evidence.get("active", 0), evidence.get("trained", 0))
        wanted[product] = max(wanted.get(product, 0), needed)
    query = urlencode({f"{TARGET}{code}": seats for code, seats in wanted.items() if seats > 0})
    return f"?{query}" if query else ""


@dataclass(frozen=True, slots=True)
class Step:
    """A button: its form over the client, the right to it, the query that fills it in; `instead` when a deal is open.

    `by_product`: the address names the product of the evidence too.
    """

    code: str
    label: Promise
    url_name: str
    right: Action
    query: Query = nothing_more
    is_panel: bool = True
    instead: Promise | str = ""
    by_product: bool = False


TALK = Step("talk", _("Log the outcome"), "accounts:log_outcome", Action.LOG_INTERACTION)
MEET = Step("meet", _("Plan a meeting"), "accounts:log_outcome", Action.LOG_INTERACTION, a_plan)
SHOW = Step(
    "show", _("Record the presentation"), "accounts:log_outcome", Action.LOG_INTERACTION, that_feature
)
SELL = Step(
    "sell",
    _("Create a deal"),
    "deals:create_deal",
    Action.CREATE_DEAL,
    seats_wanted,
    instead=_("To the deal"),
)
CONFIRM = Step("confirm", _("Confirm the facts"), "accounts:facts", Action.CONFIRM_FACTS, is_panel=False)
ADD_PERSON = Step("add_person", _("Enter the new person"), "accounts:add_contact", Action.EDIT_CONTACTS)
PEOPLE = Step(
    "people", _("People of the client"), "accounts:company_contacts", Action.SEE_COMPANY, is_panel=False
)
TEACH = Step(
    "teach", _("Offer a training"), "trainings:propose_training", Action.PLAN_TRAINING, by_product=True
)
STEPS = (TALK, MEET, SHOW, SELL, TEACH, CONFIRM, ADD_PERSON, PEOPLE)
