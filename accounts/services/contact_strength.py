"""How well each colleague knows each person, proposed from the communications of the two (domain.md §2.6)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, ExpressionWrapper, OuterRef
from django.db.models.fields import BooleanField

from accounts.enums import OutcomeResult, SetBy
from accounts.models import Agreement, ContactStrength, Interaction
from accounts.models.interaction import TWO_WAY
from upsell_crm.core import clock

YEAR, FRESH = timedelta(days=365), timedelta(days=120)


@dataclass(frozen=True)
class Talk:
    """One held communication of a colleague with a person of the client."""

    on: date
    is_two_way: bool
    is_fruitful: bool  # a positive result, or an agreement of it was kept


def proposed_level(talks: Iterable[Talk], day: date) -> int:
    """0 none; 1 ≥ 1 contact; 2 ≥ 2 two-way in 365 days; 3 ≥ 4 and the last ≤ 120 days; 4 = 3 + fruit; 5 by hand."""
    known = list(talks)
    answered = [talk for talk in known if talk.is_two_way and day - talk.on <= YEAR]
    if len(answered) < 2:
        return 1 if known else 0
    if len(answered) < 4 or day - max(talk.on for talk in answered) > FRESH:
        return 2
    return 4 if any(talk.is_fruitful for talk in answered) else 3


def refresh_strengths(contact_ids: Iterable[int], user_ids: Iterable[int]) -> None:
    """Recompute the pairs from what stands; a level set by hand is never touched, its last contact is."""
    contacts, users = set(contact_ids), set(user_ids)
    talks = _talks(contacts, users)
    stored = ContactStrength.objects.filter(contact_id__in=contacts, user_id__in=users)
    known = {(row.contact_id, row.user_id): row for row in stored}
    for pair in known.keys() - talks.keys():
        _forget(known[pair])
    rows = [_row(known.get(pair), pair, pair_talks) for pair, pair_talks in talks.items()]
    ContactStrength.objects.bulk_update(
        [row for row in rows if row.pk], ["level", "as_of", "last_two_way_on"]
    )
    ContactStrength.objects.bulk_create([row for row in rows if not row.pk], ignore_conflicts=True)


def _talks(contacts: set[int], users: set[int]) -> dict[tuple[int, int], list[Talk]]:
    kept = Agreement.objects.filter(interaction=OuterRef("pk")).exclude(done_at=None)
    rows = (
        Interaction.objects.held()
        .filter(
            client_people__contact_id__in=contacts, client_people__attended=True,
            our_people__user_id__in=users, our_people__attended=True,
        )
        .order_by()
        .values_list(
            "client_people__contact_id", "our_people__user_id", "starts_at", "result",
            ExpressionWrapper(TWO_WAY, output_field=BooleanField()), Exists(kept),
        )
    )  # fmt: skip
    talks: dict[tuple[int, int], list[Talk]] = defaultdict(list)
    for contact_id, user_id, starts_at, result, is_two_way, is_kept in rows:
        fruitful = is_kept or result == OutcomeResult.MOVED
        talks[contact_id, user_id].append(Talk(_day(starts_at), bool(is_two_way), fruitful))
    return talks


def _row(row: ContactStrength | None, pair: tuple[int, int], talks: list[Talk]) -> ContactStrength:
    row = row or ContactStrength(contact_id=pair[0], user_id=pair[1], set_by=SetBy.COMPUTED)
    today = clock.today()
    row.last_two_way_on = max((talk.on for talk in talks if talk.is_two_way), default=None)
    if row.set_by == SetBy.COMPUTED:
        row.level, row.as_of = proposed_level(talks, today), today
    return row


def _forget(row: ContactStrength) -> None:
    """Nothing of the two stands any more."""
    if row.set_by == SetBy.COMPUTED:
        row.delete()
    else:
        ContactStrength.objects.filter(pk=row.pk).update(last_two_way_on=None)


def _day(moment: datetime) -> date:
    return clock.local_date(moment) or clock.today()
