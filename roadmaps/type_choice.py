"""Which strategy a client asks for: a short action plan, or a roadmap across teams (R43).

A pure rule over a few numbers, and the reads behind them. Reasons are codes with numbers (`Plan.type_reasons`), told in
the reader's language by `reasons_in_words`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.enums import InterestLevel
from accounts.models import AccountMember, Company, DepartmentInterest, Product
from accounts.models.procurement import ProcurementType
from accounts.whitespace import read_whitespace
from deals.models import Deal, DealMember
from roadmaps.enums import PlanType
from upsell_crm.core.models import User
from upsell_crm.core.parameters import parameters
from upsell_crm.core.roles import Role

TEAMS = 2  # so many teams in one deal need a common plan
COMPETITIVE = (
    "tender_",
    "contest_",
    "auction_",
    "rfp_",
    "rfq_",
)  # codes of procedures in which bids compete (§4.4)

# Care, tutors, lawyers and BackOffice serve every deal from teams of their own and say nothing of its structure.
SELLING = (Role.KAM, Role.RESEARCHER, Role.PERFORMER, Role.CLOSER, Role.LEAD)

Reason = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Structure:
    """What the choice rests on. `family` = companies of the holding, 1 when it stands alone; `potential` is ₽ a year."""

    family: int = 1
    teams: int = 1
    potential: Decimal = Decimal(0)
    departments: int = 0
    procedure: str = ""
    procedure_names: tuple[str, str] = ("", "")  # Russian, English


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a client is too much for a short plan; the administrator's numbers."""

    potential: Decimal
    departments: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The type that fits, and why."""

    type: PlanType
    reasons: list[Reason]

    @property
    def in_words(self) -> list[str]:
        return reasons_in_words(self.reasons)


def suggest(found: Structure, limits: Limits) -> Suggestion:
    """A roadmap for any one of five reasons, an action plan when there is none (R43)."""
    reasons: list[Reason] = []
    if found.family > 1:
        reasons.append({"code": "holding", "n": found.family})
    if found.teams >= TEAMS:
        reasons.append({"code": "teams", "n": found.teams})
    if found.potential >= limits.potential:
        reasons.append({"code": "potential", "n": int(found.potential)})
    if found.departments >= limits.departments:
        reasons.append({"code": "departments", "n": found.departments})
    if is_competitive(found.procedure):
        ru, en = found.procedure_names
        reasons.append({"code": "procedure", "n": 0, "procedure": found.procedure, "ru": ru, "en": en})
    if reasons:
        return Suggestion(PlanType.ROADMAP, reasons)
    return Suggestion(PlanType.ACTION_PLAN, [{"code": "simple", "n": int(found.potential)}])


def is_competitive(procedure: str) -> bool:
    """Whether bids compete: tender, contest, auction, requests for proposals or quotations."""
    return procedure.startswith(COMPETITIVE)


def suggest_for(company: Company, today: date, deal: Deal | None = None) -> Suggestion:
    """The type for this client, with its deal where there is one. At most nine statements."""
    said = parameters("roadmap_potential", "roadmap_departments")
    limits = Limits(Decimal(said["roadmap_potential"]), said["roadmap_departments"])
    return suggest(structure_of(company, today, deal), limits)


def structure_of(company: Company, today: date, deal: Deal | None = None) -> Structure:
    """What is known of the client and, where there is one, of its deal."""
    head = company.head_id or company.pk
    code, *names = _procedure(company, deal)
    return Structure(
        family=Company.objects.filter(Q(pk=head) | Q(head=head)).count(),
        teams=_teams(company, today, deal),
        potential=_potential(company, today, deal),
        departments=_interested(company),
        procedure=code,
        procedure_names=(names[0], names[1]),
    )


def _teams(company: Company, today: date, deal: Deal | None) -> int:
    """Teams of those who sell on the deal today, or, before there is one, to the client (docs/decisions/0051)."""
    members: QuerySet[Any]
    if deal:
        members = DealMember.objects.active_on(today).filter(deal=deal)
    else:
        running = Q(until_on=None) | Q(until_on__gte=today)
        members = AccountMember.objects.filter(running, company=company, since_on__lte=today)
    at_work = Q(pk__in=members.filter(role__in=SELLING).order_by().values("user")) | Q(
        pk=company.owner_kam_id or 0
    )
    teams = User.objects.filter(at_work, team__isnull=False).order_by()
    return teams.values("team").distinct().count()


def _potential(company: Company, today: date, deal: Deal | None) -> Decimal:
    """₽ a year that could be sold on top: the whitespace at list prices, or what the deal already adds."""
    known = read_whitespace([company.pk], today)
    room = sum((known.at(company.pk, one).amount(one) for one in Product.objects.licensable()), Decimal(0))
    return max(room, deal.expansion if deal else Decimal(0))


def _interested(company: Company) -> int:
    """Departments whose last word about some product was at least «present»."""
    last: dict[tuple[int, int], int] = {}
    said = DepartmentInterest.objects.filter(department__company=company).order_by("as_of", "pk")
    for department, product, level in said.values_list("department", "product", "level"):
        last[department, product] = level
    return len(
        {department for (department, _product), level in last.items() if level >= InterestLevel.PRESENT}
    )


def _procedure(company: Company, deal: Deal | None) -> tuple[str, str, str]:
    """How the client is going to buy, as the deal says, else as his profile does: code and both names."""
    if deal and deal.procurement_type_id:
        about = Q(pk=deal.procurement_type_id)
    else:
        about = Q(pk__in=Company.objects.filter(pk=company.pk).values("procurement__default_type"))
    found = ProcurementType.objects.filter(about).values_list("code", "name_ru", "name_en").first()
    return found or ("", "", "")


def reasons_in_words(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """The stored reasons as sentences of the reader; a code that is not known any more is left out."""
    return [WORDS[reason["code"]](reason) for reason in reasons if reason.get("code") in WORDS]


def _holding(reason: Mapping[str, Any]) -> str:
    n = reason["n"]
    return ngettext(
        "the client belongs to a holding of %(n)s company",
        "the client belongs to a holding of %(n)s companies",
        n,
    ) % {"n": n}


def _several_teams(reason: Mapping[str, Any]) -> str:
    n = reason["n"]
    return ngettext("%(n)s team works on it", "%(n)s teams work on it", n) % {"n": n}


def _large(reason: Mapping[str, Any]) -> str:
    return _("the potential is %s ₽ a year") % number_format(reason["n"], force_grouping=True)


def _many_departments(reason: Mapping[str, Any]) -> str:
    n = reason["n"]
    return ngettext("%(n)s department is interested", "%(n)s departments are interested", n) % {"n": n}


def _tender(reason: Mapping[str, Any]) -> str:
    name = reason.get("en" if (get_language() or "ru").startswith("en") else "ru")
    if not name:
        return _("the client buys by a competitive procedure")
    return _("the client buys by a competitive procedure: %s") % name


def _simple(reason: Mapping[str, Any]) -> str:
    return _("one client, one team, no competitive procedure: a short plan is enough")


WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "holding": _holding,
    "teams": _several_teams,
    "potential": _large,
    "departments": _many_departments,
    "procedure": _tender,
    "simple": _simple,
}
