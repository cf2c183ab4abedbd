"""The table of states of an awaited feature: who, which date or reason, and no other way (§2.9, §3)."""

import random
from datetime import timedelta

import pytest

from accounts.enums import RELEASED_STATUSES, FeatureStatus
from accounts.feature_machine import MACHINE, MOVES
from accounts.services.features import create_feature, edit_feature, move_feature
from tests.accounts.feature_makers import make_feature, make_wait
from tests.factories import Cast, T, make_company, make_product
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent

S = FeatureStatus
TOMORROW = T + timedelta(days=1)


def test_the_whole_road(cast: Cast) -> None:
    """§2.9: the KAM enters and passes it on, the administrator plans, builds and releases it; each step is in history."""
    product = make_product("casebook")
    feature = create_feature(by=cast.vetrov, title="API", product=product)
    move_feature(feature, to=S.SUBMITTED, by=cast.vetrov)
    move_feature(feature, to=S.PLANNED, by=cast.admin, planned_on=TOMORROW)
    move_feature(feature, to=S.DEV, by=cast.admin)
    move_feature(feature, to=S.RELEASED, by=cast.admin)
    feature.refresh_from_db()
    assert (feature.planned_release, feature.released_on) == (TOMORROW, T)
    assert AuditEvent.objects.filter(event="move_feature", object_id=feature.pk).count() == 4


@pytest.mark.parametrize(
    ("source", "to", "said", "field"),
    [
        (S.SUBMITTED, S.PLANNED, {}, "planned_on"),
        (S.SUBMITTED, S.PLANNED, {"planned_on": T - timedelta(days=1)}, "planned_on"),
        (S.DEV, S.RELEASED, {"released_on": TOMORROW}, "released_on"),
        (S.PLANNED, S.DECLINED, {"reason": "  "}, "reason"),
    ],
)
def test_a_step_says_what_it_lacks(cast: Cast, source: str, to: str, said: dict, field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        move_feature(make_feature(status=source), to=to, by=cast.admin, **said)
    assert field in refusal.value.errors


def test_the_status_is_the_administrator_s(cast: Cast) -> None:
    """§3: a KAM and his lead enter features, and do not promise dates for the product team."""
    feature = make_feature(status=S.SUBMITTED)
    for user in (cast.vetrov, cast.belova, cast.andreeva):
        with pytest.raises(NotAllowed):
            move_feature(feature, to=S.PLANNED, by=user, planned_on=TOMORROW)


def test_who_passes_it_on_has_a_client_waiting(cast: Cast) -> None:
    """§3, «create O»: by his own client, or because he has entered it."""
    feature = make_feature()
    with pytest.raises(NotAllowed):
        move_feature(feature, to=S.SUBMITTED, by=cast.vetrov)
    make_wait(feature, make_company("Свой", kam=cast.vetrov))
    assert move_feature(feature, to=S.SUBMITTED, by=cast.vetrov).status == S.SUBMITTED


def test_a_title_stands_once_per_product(cast: Cast) -> None:
    make_feature("Выгрузка в СЭД")
    with pytest.raises(DomainError):
        create_feature(by=cast.vetrov, title="  «выгрузка» в сэд", product=make_feature("Иное").product)


def test_a_correction_of_an_old_version_is_refused(cast: Cast) -> None:
    """Faults B1; and what went to the product team is corrected by the administrator."""
    feature = make_feature(status=S.SUBMITTED)
    edit_feature(feature, by=cast.admin, version=1, title="Новое имя")
    with pytest.raises(Stale):
        edit_feature(feature, by=cast.admin, version=1, title="Ещё имя")
    with pytest.raises(NotAllowed):
        edit_feature(feature, by=cast.vetrov, version=2, title="Моё имя")


@pytest.mark.slow
def test_random_moves_never_leave_the_table(cast: Cast) -> None:
    """A thousand wishes: what the table lacks is refused, released has a date, and what is closed stays closed."""
    dice = random.Random(24)
    allowed = {(move.source, move.target) for move in MOVES}
    for _round in range(40):
        feature = make_feature(f"Функция {_round}")
        for _step in range(25):
            before, to = feature.status, dice.choice(S.values)
            by = dice.choice([cast.admin, cast.vetrov, cast.belova, cast.gai, None])
            offered = {move.target for move in MACHINE.open_to(by, feature)} if by else set()
            try:
                move_feature(feature, to=to, by=by, planned_on=TOMORROW, reason="Потому что")
            except (IllegalTransition, NotAllowed, DomainError):
                feature.refresh_from_db()
                assert feature.status == before and to not in offered
            else:
                assert (before, feature.status) in allowed
            assert feature.released_on or feature.status not in RELEASED_STATUSES
