"""What the outcome form proposes for a company and a person, so that a typical outcome takes eight actions (§6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.calendar import load_calendar
from accounts.enums import DecisionRole, InteractionKind, InteractionState, Purpose
from accounts.feature_queries import catalogue, waits_to_answer
from accounts.forms.outcome import SHOWN, OutcomeChoices
from accounts.models import Company, Contact, ContactRole, CustomField, Department, Interaction, Product
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

NEXT_STEP_DAYS = 7  # working days (product.md §3.3)
QUARTER = timedelta(minutes=15)
RECENT = 8


@dataclass(frozen=True)
class QuickDates:
    """Dates behind one tap, all in working days."""

    soon: list[tuple[str, date]]
    next_step: date


def quick_dates(today: date) -> QuickDates:
    """«завтра», «через 3 р. д.», «пятница», «через неделю»; the next step in seven working days."""
    calendar = load_calendar()
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    soon = [
        (_("tomorrow"), calendar.add(today, 1)),
        (_("in 3 working days"), calendar.add(today, 3)),
        (_("Friday"), calendar.roll(friday)),
        (_("in a week"), calendar.add(today, 5)),
    ]
    once = {day: label for label, day in reversed(soon)}  # on a Tuesday «in 3 days» is the Friday
    return QuickDates([(once[day], day) for day in sorted(once)], calendar.add(today, NEXT_STEP_DAYS))


def step_suggestions() -> list[str]:
    """The usual next steps, one tap each."""
    return [
        _("Call and hear the decision"),
        _("Send the commercial offer"),
        _("Hold a presentation"),
        _("Agree the documents"),
    ]


def due_meeting(company: Company, today: date) -> Interaction | None:
    """The planned meeting of today, or the latest one that passed without an outcome."""
    tomorrow = timezone.make_aware(datetime.combine(today + timedelta(days=1), datetime.min.time()))
    planned = Interaction.objects.standing().filter(company=company, state=InteractionState.PLANNED)
    return planned.filter(starts_at__lt=tomorrow).order_by("-starts_at", "-id").first()


def next_due_meeting(user: User, today: date) -> Interaction | None:
    """The next own planned meeting that waits for its outcome: «сохранить и открыть следующую»."""
    tomorrow = timezone.make_aware(datetime.combine(today + timedelta(days=1), datetime.min.time()))
    waiting = Interaction.objects.visible_to(user).standing().filter(state=InteractionState.PLANNED)
    return (
        waiting.filter(Q(author=user) | Q(our_people__user=user), starts_at__lt=tomorrow)
        .select_related("company")
        .order_by("starts_at", "id")
        .first()
    )


def outcome_choices(
    company: Company, user: User, planned: Interaction | None, invited: Sequence[str] = ()
) -> OutcomeChoices:
    """People, products, departments, own fields and awaited features; seven statements, more for invited experts."""
    may_wait = may(user, Action.CREATE_FEATURE, company)
    return OutcomeChoices(
        contacts=list(_contacts(company, planned)),
        colleagues=_colleagues(company, user, planned),
        products=list(Product.objects.filter(active=True)),
        departments=list(Department.objects.filter(company=company)),
        custom=list(CustomField.objects.filter(active=True)),
        invited=colleagues_by_id(invited),
        features=list(catalogue()) if may_wait else [],
        to_show=list(waits_to_answer(company)),
        may_wait=may_wait,
    )


def outcome_initial(
    company: Company, user: User, planned: Interaction | None, step_on: date, wait: str = "",
    is_plan: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The values of a fresh form; `wait` names the awaited feature that is being shown, a plan is still ahead."""
    shown = {"purpose": Purpose.FEATURE, f"shown_{wait}": SHOWN} if wait else {}
    if planned:
        return {
            **_common(user, step_on), "kind": planned.kind, "starts_at": timezone.localtime(planned.starts_at),
            "duration_min": planned.duration_min, "purpose": planned.purpose, "version": planned.version,
            "client_id": planned.client_id, "summary": planned.summary,
            "attendees": _public_ids(planned.client_people.values_list("contact__public_id", flat=True)),
            "our_people": _public_ids(planned.our_people.values_list("user__public_id", flat=True)), **shown,
        }  # fmt: skip
    return {
        **_common(user, step_on),
        "client_id": uuid4(),
        "kind": _last_kind(user),
        "starts_at": _next_morning() if is_plan else _an_hour_ago(),
        "attendees": _public_ids(_last_deciders(company)),
        "our_people": [str(user.public_id)],
        **shown,
    }


def companies_to_log(user: User, query: str) -> list[Company]:
    """The choice of a company: found by words, or those of the last outcomes and then own ones."""
    allowed = Company.objects.allowing(user, Action.LOG_INTERACTION).present()
    if query.strip():
        return list(allowed.matching(query)[:12])
    recent = Interaction.objects.filter(author=user).order_by("-id").values_list("company_id", flat=True)[:60]
    ids = list(dict.fromkeys(recent))[:RECENT]
    known = {company.pk: company for company in allowed.filter(pk__in=ids)}
    own = allowed.filter(owner_kam=user).exclude(pk__in=ids)[: 12 - len(known)]
    return [known[pk] for pk in ids if pk in known] + list(own)


def _common(user: User, step_on: date) -> dict[str, Any]:
    return {
        "author": str(user.public_id), "state": InteractionState.HELD, "duration_min": 60, "next_step_on": step_on,
    }  # fmt: skip


def _next_morning() -> datetime:
    """Eleven o'clock of the next working day."""
    return timezone.make_aware(datetime.combine(load_calendar().add(clock.today(), 1), time(11)))


def _an_hour_ago() -> datetime:
    local = timezone.localtime(clock.now() - timedelta(hours=1))
    return local.replace(minute=local.minute - local.minute % 15, second=0, microsecond=0)


def _last_kind(user: User) -> str:
    kind = Interaction.objects.filter(author=user).order_by("-id").values_list("kind", flat=True).first()
    return kind or InteractionKind.MEETING


def _last_deciders(company: Company) -> list[Any]:
    """The ЛПР of the last held communication."""
    last = Interaction.objects.held().filter(company=company).order_by("-starts_at", "-id").first()
    if last is None:
        return []
    deciding = ContactRole.objects.filter(
        company=company, role=DecisionRole.DM, valid_to=None, contact=OuterRef("contact")
    )
    present = last.client_people.filter(Exists(deciding), attended=True)
    return list(present.values_list("contact__public_id", flat=True))


def _contacts(company: Company, planned: Interaction | None) -> QuerySet[Contact]:
    """Who works there, the decision-makers first; with their present roles."""
    roles = ContactRole.objects.filter(company=company, valid_to=None)
    decides = roles.filter(contact=OuterRef("pk"), role=DecisionRole.DM)
    expected = Q(interactions__interaction=planned) if planned else Q(pk__in=[])
    return (
        Contact.objects.filter(
            Q(pk__in=Contact.objects.working().filter(company=company).values("pk")) | expected
        )
        .annotate(decides=Exists(decides))
        .prefetch_related(Prefetch("roles", queryset=roles, to_attr="present_roles"))
        .order_by("-decides", "last_name", "first_name", "id")
        .distinct()
    )


def _colleagues(company: Company, user: User, planned: Interaction | None) -> list[User]:
    """The author first, then the responsible KAM, the working group and whoever was expected."""
    today = clock.today()
    group = Q(companies=company)
    group |= Q(account_memberships__company=company, account_memberships__until_on=None)
    group |= Q(account_memberships__company=company, account_memberships__until_on__gte=today)
    if company.team_id:
        group |= Q(leads=company.team_id)
    if planned:
        group |= Q(attended_interactions__interaction=planned)
    others = User.objects.filter(group, is_active=True).exclude(pk=user.pk).distinct()
    return [user, *others.order_by("last_name", "first_name", "id")]


def colleagues_by_id(public_ids: Sequence[str]) -> list[User]:
    """Working colleagues by what a form sent; what is no id, and who left, is passed over."""
    known = [each for each in map(uuid_or_none, public_ids) if each]
    return list(User.objects.filter(public_id__in=known, is_active=True)) if known else []


def uuid_or_none(text: str) -> UUID | None:
    """The id that a text is, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _public_ids(ids: Any) -> list[str]:
    return [str(each) for each in ids]
