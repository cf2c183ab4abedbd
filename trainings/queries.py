"""Facts of trainings over several tables, each by one statement whatever the number of trainings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from trainings.enums import TOOK_PLACE
from trainings.index import WITHIN_DAYS, TrainingFacts
from trainings.models import Training
from upsell_crm.core import clock
from upsell_crm.core.exact import EXACT


@dataclass(frozen=True, slots=True)
class HeldTraining:
    """One training that took place, with what the index needs of it."""

    pk: int
    company_id: int
    product_id: int
    tutor_id: int
    facts: TrainingFacts


def counting_on(as_of: date, trainings: QuerySet[Training] | None = None) -> QuerySet[Training]:
    """Trainings that took place within the year before this day: those of which the index is made."""
    known = Training.objects.all() if trainings is None else trainings
    since = clock.bounds(as_of - timedelta(days=WITHIN_DAYS))[0]
    return known.filter(state__in=TOOK_PLACE, starts_at__gte=since, starts_at__lte=clock.day_end(as_of))


def with_counts(trainings: QuerySet[Training]) -> Any:
    """Adds what the list of people says: counts, sums and how many of them there are."""
    return trainings.annotate(
        invited=Count("trainees", filter=Q(trainees__invited=True)),
        attended=Count("trainees", filter=Q(trainees__attended=True)),
        reaction_sum=Sum("trainees__reaction"),
        reactions=Count("trainees__reaction"),
        test_sum=Sum("trainees__test"),
        tests=Count("trainees__test"),
        activated=Count("trainees", filter=Q(trainees__activated_30d=True)),
        activation_known=Count("trainees__activated_30d"),
    )


def read_held(trainings: QuerySet[Training]) -> Iterator[HeldTraining]:
    """The facts of these trainings in the order of their days; one statement."""
    rows: Any = with_counts(trainings.order_by("starts_at", "pk")).values_list(
        "pk", "company_id", "product_id", "tutor_id", "starts_at", "topic", "invited", "attended", "reaction_sum",
        "reactions", "test_sum", "tests", "activated", "activation_known",
    )  # fmt: skip
    for pk, company_id, product_id, tutor_id, *facts in rows:
        yield HeldTraining(pk, company_id, product_id, tutor_id, _facts(*facts))


def _facts(
    starts_at: Any, topic: str, invited: int, attended: int, reaction_sum: Decimal | None, reactions: int,
    test_sum: Decimal | None, tests: int, activated: int, activation_known: int,
) -> TrainingFacts:  # fmt: skip
    return TrainingFacts(
        clock.local_date(starts_at) or date.min, topic, invited, attended, _mean(reaction_sum, reactions),
        _mean(test_sum, tests), activated, activation_known,
    )  # fmt: skip


def facts_of(training: Any) -> TrainingFacts:
    """The same of one training that carries the counts of `with_counts`."""
    return _facts(
        training.starts_at, training.topic, training.invited, training.attended, training.reaction_sum,
        training.reactions, training.test_sum, training.tests, training.activated, training.activation_known,
    )  # fmt: skip


def _mean(total: Decimal | None, count: int) -> Decimal | None:
    return None if total is None or not count else EXACT.divide(Decimal(total), Decimal(count))
