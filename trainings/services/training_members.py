"""Whoever teaches a client has his card: a training writes account members, as deals do (docs/decisions/0031, 0041)."""

from datetime import date, timedelta
from typing import Any

from accounts.enums import ContactReach, MemberVia
from accounts.models import AccountMember
from trainings.enums import TrainingState
from trainings.index import WITHIN_DAYS
from trainings.models import Trainee, Training
from upsell_crm.core import clock
from upsell_crm.core.roles import Role

Place = tuple[int, int, str]  # company, user, role
OVER = (TrainingState.CANCELLED, TrainingState.NO_SHOW)


def refresh_training_members(companies: set[int], *, today: date | None = None) -> None:
    """Write anew what trainings give in these companies: «own», with the phones of the trainees alone.

    It lasts as long as the training counts in the index, so no job has to end it. A handful of statements, however many
    trainings there are. Call inside the transaction of the change.
    """
    today = today or clock.today()
    wanted = _wanted(companies, today)
    known = {
        (row.company_id, row.user_id, row.role): row
        for row in AccountMember.objects.filter(company__in=companies, via=MemberVia.TRAINING)
    }
    AccountMember.objects.filter(
        pk__in=[row.pk for place, row in known.items() if place not in wanted]
    ).delete()
    changed = [row for place, row in known.items() if place in wanted and row.until_on != wanted[place]]
    for row in changed:
        row.until_on = wanted[row.company_id, row.user_id, row.role]
    AccountMember.objects.bulk_update(changed, ["until_on"])
    AccountMember.objects.bulk_create(
        AccountMember(
            company_id=company, user_id=user, role=role, via=MemberVia.TRAINING, contacts=ContactReach.TRAINEES,
            since_on=today, until_on=until,
        )
        for (company, user, role), until in wanted.items()
        if (company, user, role) not in known
    )  # fmt: skip
    _refresh_trainees(companies)


def _wanted(companies: set[int], today: date) -> dict[Place, date]:
    """Place → the last day on which its latest training counts."""
    since = clock.bounds(today - timedelta(days=WITHIN_DAYS))[0]
    rows: Any = (
        Training.objects.filter(company__in=companies, starts_at__gte=since)
        .exclude(state__in=OVER)
        .order_by()
        .values_list("company_id", "starts_at", "tutor_id", "tutor__is_active", "csm_id", "csm__is_active")
    )
    wanted: dict[Place, date] = {}
    for company, starts_at, tutor, teaches, csm, cares in rows:
        until = (clock.local_date(starts_at) or today) + timedelta(days=WITHIN_DAYS)
        for user, is_active, role in ((tutor, teaches, Role.TUTOR), (csm, cares, Role.CSM)):
            if is_active:
                place = (company, user, role)
                wanted[place] = max(until, wanted.get(place, until))
    return wanted


def _refresh_trainees(companies: set[int]) -> None:
    """Whose phones each of them sees: the contacts on the lists of his trainings there."""
    through = AccountMember.trainees.through
    members = AccountMember.objects.filter(company__in=companies, via=MemberVia.TRAINING)
    by_place: dict[tuple[int, int], list[int]] = {}
    for pk, company, user in members.order_by().values_list("pk", "company_id", "user_id"):
        by_place.setdefault((company, user), []).append(pk)
    lists: Any = Trainee.objects.filter(training__company__in=companies, contact__isnull=False).exclude(
        training__state__in=OVER
    )
    wanted = {
        (member, contact)
        for company, tutor, csm, contact in lists.order_by().values_list(
            "training__company_id", "training__tutor_id", "training__csm_id", "contact_id"
        )
        for user in (tutor, csm)
        for member in by_place.get((company, user), ())
    }
    rows = through.objects.filter(accountmember__in=members.values("pk")).order_by()
    known = {
        (member, contact): pk
        for pk, member, contact in rows.values_list("pk", "accountmember_id", "contact_id")
    }
    through.objects.filter(pk__in=[known[pair] for pair in known.keys() - wanted]).delete()
    through.objects.bulk_create(
        through(accountmember_id=member, contact_id=contact)
        for member, contact in sorted(wanted - known.keys())
    )
