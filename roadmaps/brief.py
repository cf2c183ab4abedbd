"""The brief before a meeting: what a KAM reads on the way to the client, on one sheet (domain.md §2.11, meeting preparation).

Goal; who comes and how they stand; open objections with answers that helped; agreements due; products that nobody of us
at the table knows; what has changed since the last time; materials. Reads only, a constant number of statements.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.company_card import Nearest, ProductUse, nearest_contract, product_use
from accounts.enums import AgreementSide, InteractionKind, InteractionState, ObjectionState
from accounts.fact_states import FactState, fact_states
from accounts.history_lines import HistoryLine, history_line
from accounts.map_people import Person, read_map
from accounts.models import Agreement, Company, FeatureWait, Interaction, Objection
from deals.enums import Approval
from deals.expertise import Coverage, coverage, member_ids
from deals.models import Deal, Document
from roadmaps.enums import PRESENTED
from roadmaps.models import Plan, Presentation
from trainings.note_queries import ShownNote, best_notes
from upsell_crm.core.models import AuditEvent, User

PEOPLE, PROMISES, OBJECTIONS, CHANGES, MATERIALS = 6, 4, 3, 6, 5  # what fits on the sheet


@dataclass(frozen=True, slots=True)
class Argument:
    """An open objection with the best note about it."""

    objection: Objection
    answer: ShownNote | None


@dataclass(frozen=True, slots=True)
class Material:
    """A paper or a file to take along; `url` is where it lies."""

    label: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything on the sheet; `meeting` is None when none is planned, `since` is the last time we spoke."""

    company: Company
    meeting: Interaction | None
    deal: Deal | None
    plan: Plan | None
    goal: str
    nearest: Nearest | None
    uses: list[ProductUse]
    people: list[Person]
    ours: list[User]
    arguments: list[Argument]
    ours_due: list[Agreement]
    theirs_due: list[Agreement]
    waits: list[FeatureWait]
    coverage: Coverage
    doubts: list[FactState]
    since: datetime | None
    last_words: str
    changes: list[HistoryLine]
    materials: list[Material]


def read_brief(
    company: Company, user: User, today: date, *, meeting: Interaction | None, may_see_money: bool
) -> Brief:
    """The sheet for this meeting, or for the client as such."""
    deals = Deal.objects.visible_to(user).open().filter(company=company).select_related("responsible_kam")
    deal = deals.order_by("-opened_on", "-pk").first()
    plan = Plan.objects.open().filter(deal=deal).select_related("deal__company").first() if deal else None
    members = member_ids([deal.pk], today) if deal else set[int]()
    ours, uses = _ours(meeting, members), product_use(company, today)
    last = Interaction.objects.held().filter(company=company).order_by("-starts_at", "-pk").first()
    since = last.starts_at if last else None
    promises = _promises(company)
    return Brief(
        company=company, meeting=meeting, deal=deal, plan=plan, goal=_goal(meeting, plan, deal),
        nearest=nearest_contract(company, today), uses=uses,
        people=_people(company, meeting, today), ours=ours, arguments=_arguments(company, user),
        ours_due=[one for one in promises if one.side == AgreementSide.US][:PROMISES],
        theirs_due=[one for one in promises if one.side == AgreementSide.CLIENT][:PROMISES],
        waits=list(FeatureWait.objects.filter(company=company, response="").select_related("feature__product", "contact")[:PROMISES]),
        coverage=coverage(company, [one.pk for one in ours], today, members=members, uses=uses),
        doubts=[state for state in fact_states(company.pk, today) if not state.is_fresh],
        since=since, last_words=last.summary if last else "",
        changes=_changes(company, since, may_see_money=may_see_money), materials=_materials(user, deal, plan),
    )  # fmt: skip


def next_meeting(company: Company, now: datetime) -> Interaction | None:
    """The planned communication ahead that comes first; one of today counts though its hour has passed."""
    planned = company.interactions.standing().filter(
        state=InteractionState.PLANNED, starts_at__gte=now.replace(hour=0, minute=0, second=0, microsecond=0)
    )
    return (
        planned.exclude(kind=InteractionKind.SYNC)
        .select_related("author")
        .order_by("starts_at", "pk")
        .first()
    )


def _ours(meeting: Interaction | None, members: Collection[int]) -> list[User]:
    """Who of us comes; without a meeting the working group of the deal."""
    people = User.objects.filter(is_active=True)
    if meeting is not None:
        people = people.filter(attended_interactions__interaction=meeting)
    else:
        people = people.filter(pk__in=members)
    return list(people.distinct().order_by("last_name", "first_name", "pk"))


def _people(company: Company, meeting: Interaction | None, today: date) -> list[Person]:
    """Who of the client comes, else whoever weighs most."""
    known = read_map(company, today).people
    invited = set(meeting.client_people.values_list("contact_id", flat=True)) if meeting else set()
    coming = [person for person in known if person.contact.pk in invited]
    rest = [person for person in known if person.contact.pk not in invited]
    return (coming + rest)[:PEOPLE]


def _goal(meeting: Interaction | None, plan: Plan | None, deal: Deal | None) -> str:
    """What the meeting is for: its purpose, then what the plan is to reach, then the next step of the deal."""
    purpose = str(meeting.get_purpose_display()) if meeting and meeting.purpose else ""
    aim = (plan.goal if plan else "") or (deal.next_step if deal else "")
    return ". ".join(part for part in (purpose, aim) if part)


def _promises(company: Company) -> list[Agreement]:
    open_ones = Agreement.objects.filter(company=company, done_at=None, interaction__retracted_at=None)
    return list(open_ones.select_related("owner_user", "owner_contact").order_by("due_on", "pk")[:40])


def _arguments(company: Company, user: User) -> list[Argument]:
    """The latest open objections; for each kind the note that helped most, if there is one (R80)."""
    open_ones = Objection.objects.filter(
        company=company, state=ObjectionState.OPEN, interaction__retracted_at=None
    )
    rows = list(open_ones.order_by("-pk")[:OBJECTIONS])
    best: dict[str, ShownNote | None] = {}
    for row in rows:
        if row.category not in best:
            best[row.category] = next(iter(best_notes(row.category, company, user)), None)
    return [Argument(row, best[row.category]) for row in rows]


def _changes(company: Company, since: datetime | None, *, may_see_money: bool) -> list[HistoryLine]:
    """What others have changed at this client since the last talk, the newest first."""
    events = AuditEvent.objects.filter(company_id=company.pk)
    events = events.exclude(event="confirm_fact")  # says nothing to a person on the way
    if since is not None:
        events = events.filter(at__gt=since)
    return [history_line(event, may_see_money=may_see_money) for event in events.order_by("-id")[:CHANGES]]


def _materials(user: User, deal: Deal | None, plan: Plan | None) -> list[Material]:
    """The presentation of the plan and the papers of the deal that the client may be shown."""
    found = []
    if plan is not None:
        for deck in Presentation.objects.filter(plan=plan, state__in=PRESENTED).order_by("-number")[:1]:
            label = _("Presentation, version %s") % deck.number
            found.append(Material(label, str(deck.get_state_display()), deck.get_absolute_url()))
    if deal is not None:
        papers = (
            Document.objects.visible_to(user)
            .filter(deal=deal)
            .exclude(approval__in=[Approval.CANCELLED, Approval.ANNULLED])
        )
        found += [
            Material(str(paper.get_type_display()), str(paper.get_approval_display()), paper.get_absolute_url())
            for paper in papers.order_by("-updated_at", "-pk")[:MATERIALS]
        ]  # fmt: skip
    return found
