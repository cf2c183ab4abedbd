"""The table of a strategy: every state for every role, and walks that never leave the table (§2.9, R45, R49, R53, R79)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadmaps.enums import OPEN_PLAN_STATES, PlanState, PlanType
from roadmaps.models import Plan, Presentation
from roadmaps.plan_content import replay
from roadmaps.plan_machine import MACHINE, MOVES
from roadmaps.queries import content_of
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plans import require_review, update_plan, upgrade_plan
from tests.factories import Cast, make_calendar, make_company, make_contact, make_deal, make_member, moment
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.django_db
S = PlanState

# §2.9 said a second time, by hand: state → (where a KAM may lead it, where only the lead may).
ROADMAP: dict[str, tuple[str, str]] = {
    S.DRAFT: ("info cancelled", ""),
    S.INFO: ("planning cancelled", ""),
    S.PLANNING: ("review active cancelled", ""),
    S.REVIEW: ("cancelled", "active returned"),
    S.RETURNED: ("planning cancelled", ""),
    S.ACTIVE: ("presentation planning cancelled", ""),
    S.PRESENTATION: ("completed planning cancelled", ""),
    S.COMPLETED: ("", ""),
    S.CANCELLED: ("", ""),
}
ACTION_PLAN: dict[str, tuple[str, str]] = {
    S.DRAFT: ("review active cancelled", ""),
    S.REVIEW: ("cancelled", "active returned"),
    S.RETURNED: ("draft cancelled", ""),
    S.ACTIVE: ("completed draft cancelled", ""),
    S.COMPLETED: ("", ""),
    S.CANCELLED: ("", ""),
}
TABLES = {PlanType.ROADMAP: ROADMAP, PlanType.ACTION_PLAN: ACTION_PLAN}
LOOKERS = ("rogov", "kim", "naumov", "moroz", "gai", "titova", "panov", "sokolova", "admin")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    make_calendar()
    company = make_company(kam=cast.aliev, team=cast.k2)
    make_contact(company)
    plan = make_plan(make_deal(company, ("casebook", 10, 12)))
    make_plan_task(plan, cast.aliev)
    confirm_everything(company, cast.aliev)
    return plan


def put(plan: Plan, kind: str, state: str) -> Plan:
    """The plan in this state, unsaved: the table asks only for type and state."""
    plan.type, plan.state = kind, state
    return plan


@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for kind, rows in TABLES.items() for state in rows]
)
def test_every_state_opens_to_each_role_what_the_table_says(
    plan: Plan, cast: Cast, kind: str, state: str
) -> None:
    """§2.9, §2.8.4: KAM of the deal, lead of its team, head of department; all others only look."""
    put(plan, kind, state)
    of_kam, of_lead = (set(text.split()) for text in TABLES[kind][state])
    for login, role in (("kim", Role.CLOSER), ("naumov", Role.PERFORMER), ("moroz", Role.CSM)):
        make_member(plan.deal, getattr(cast, login), role)

    def open_to(user: User) -> set[str]:
        return {str(move.target) for move in MACHINE.open_to(user, plan)}

    assert open_to(cast.aliev) == of_kam
    assert open_to(cast.gromov) == open_to(cast.andreeva) == of_kam | of_lead
    assert open_to(cast.belova) == open_to(cast.demin) == set()  # another team
    for login in LOOKERS:
        assert open_to(getattr(cast, login)) == set(), login


def test_the_table_knows_no_other_move() -> None:
    """§2.8.4: the moves by hand above, and not one more."""
    for kind, rows in TABLES.items():
        said = {(state, to) for state, texts in rows.items() for text in texts for to in text.split()}
        probe = Plan(type=kind)
        made = {(str(move.source), str(move.target)) for move in MOVES if move.when(probe)}
        states = set(rows)
        assert {pair for pair in made if pair[0] in states} == said


@pytest.mark.parametrize("state", [S.COMPLETED, S.CANCELLED])
def test_an_ended_strategy_is_read_only(plan: Plan, cast: Cast, state: str) -> None:
    """§2.9: no move, no change of the head, no upgrade."""
    Plan.objects.filter(pk=plan.pk).update(state=state, ended_at=plan.state_since, success_fact=1)
    plan = Plan.objects.get(pk=plan.pk)
    for target in S:
        with pytest.raises(IllegalTransition):
            move_plan(plan, to=target, by=cast.gromov, reason="Ещё раз")
    with pytest.raises(DomainError):
        update_plan(plan, {"goal": "Другая"}, by=cast.gromov)
    with pytest.raises(DomainError):
        upgrade_plan(put(plan, PlanType.ACTION_PLAN, state), by=cast.gromov)


def test_a_plan_without_criterion_or_deadline_does_not_leave_planning(plan: Plan, cast: Cast) -> None:
    """R45: each missing part is named; with all of them it starts."""
    for name, value, word in (
        ("goal", "", "цель"),
        ("success_value", None, "критерий"),
        ("deadline", None, "срок"),
    ):
        kept = getattr(plan, name)
        setattr(plan, name, value)
        with pytest.raises(DomainError) as refused:
            move_plan(plan, to=S.ACTIVE, by=cast.aliev)
        assert word in " ".join(refused.value.errors[""])
        setattr(plan, name, kept)
    move_plan(plan, to=S.ACTIVE, by=cast.aliev)
    assert plan.state == S.ACTIVE


def test_every_active_member_needs_a_task(plan: Plan, cast: Cast) -> None:
    """R49: the reasons are names; the lead may let it go with a comment, the KAM may not."""
    make_member(plan.deal, cast.naumov, Role.PERFORMER)
    with pytest.raises(DomainError) as refused:
        move_plan(plan, to=S.ACTIVE, by=cast.aliev)
    assert "Наумов" in refused.value.errors[""][0]
    with pytest.raises(NotAllowed):
        move_plan(plan, to=S.ACTIVE, by=cast.aliev, overrides=True, reason="Подключится позже")
    with pytest.raises(DomainError):
        move_plan(plan, to=S.ACTIVE, by=cast.gromov, overrides=True, reason=" ")
    move_plan(plan, to=S.ACTIVE, by=cast.gromov, overrides=True, reason="Подключится позже")
    assert (plan.state, plan.tasks_override_reason) == (S.ACTIVE, "Подключится позже")


def test_a_roadmap_is_completed_with_a_presentation_or_by_the_lead(plan: Plan, cast: Cast) -> None:
    """R53, R81: and with what was reached."""
    plan.tasks.all().delete()
    make_plan_task(plan, cast.aliev)
    move_plan(plan, to=S.ACTIVE, by=cast.aliev)
    move_plan(plan, to=S.PRESENTATION, by=cast.aliev)
    with pytest.raises(DomainError, match="презентац"):
        move_plan(plan, to=S.COMPLETED, by=cast.aliev, success_fact=Decimal(1))
    Presentation.objects.create(
        plan=plan, number=1, title="Предложение", state="ready", snapshot={"amount": 1}, frozen_at=moment(),
        frozen_by=cast.aliev,
    )  # fmt: skip
    with pytest.raises(DomainError) as refused:
        move_plan(plan, to=S.COMPLETED, by=cast.aliev)
    assert "success_fact" in refused.value.errors
    move_plan(plan, to=S.COMPLETED, by=cast.aliev, success_fact=Decimal(900_000))
    assert (plan.state, plan.success_fact, plan.presentation_override_reason) == (S.COMPLETED, 900_000, "")


def test_the_lead_decides_which_plans_he_checks(plan: Plan, cast: Cast) -> None:
    """R79: as a rule key clients; his switch covers any other plan of his team."""
    with pytest.raises(NotAllowed):
        require_review(plan, by=cast.aliev, needed=True)
    require_review(plan, by=cast.gromov, needed=True)
    with pytest.raises(DomainError):
        move_plan(plan, to=S.ACTIVE, by=cast.aliev)
    require_review(plan, by=cast.gromov, needed=False)
    move_plan(plan, to=S.ACTIVE, by=cast.aliev)
    assert plan.state == S.ACTIVE


def test_two_people_never_both_move_the_plan(plan: Plan, cast: Cast) -> None:
    """§2.8.4: the second one sees what stands there now."""
    mine, theirs = Plan.objects.get(pk=plan.pk), Plan.objects.get(pk=plan.pk)
    move_plan(mine, to=S.ACTIVE, by=cast.aliev, version=mine.version)
    with pytest.raises(Stale):
        move_plan(theirs, to=S.CANCELLED, by=cast.gromov, reason="Отмена", version=theirs.version)


STEPS = st.lists(
    st.tuples(st.sampled_from(list(S)), st.sampled_from(["aliev", "gromov", "naumov"]), st.booleans()),
    min_size=1, max_size=14,
)  # fmt: skip


@pytest.mark.slow
@given(steps=STEPS, kind=st.sampled_from(list(PlanType)), is_key=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_walk_leaves_the_table_or_its_laws(
    plan: Plan, cast: Cast, steps: list[Any], kind: str, is_key: bool
) -> None:
    """§2.8.4, §2.8.5, R52: whatever is tried, only moves of the table happen, and revisions replay to the plan."""
    plan.deal.company.is_key = is_key
    plan.deal.company.save()
    Plan.objects.filter(deal=plan.deal).exclude(pk=plan.pk).delete()
    start = S.PLANNING if kind == PlanType.ROADMAP else S.DRAFT
    plan.reviews.all().delete()
    plan.revisions.all().delete()
    values: dict[str, Any] = {"type": kind, "state": start, "revision": 0, "ended_at": None, "success_fact": None,
                              "validated_by": None, "stage1_override_reason": "", "tasks_override_reason": ""}  # fmt: skip
    Plan.objects.filter(pk=plan.pk).update(**values)
    walker = Plan.objects.select_related("deal__company", "deal__responsible_kam").get(pk=plan.pk)
    for target, login, overrides in steps:
        was, by = walker.state, getattr(cast, login)
        allowed = {str(move.target) for move in MACHINE.open_to(by, walker)}
        try:
            move_plan(
                walker, to=target, by=by, reason="Причина", overrides=overrides, success_fact=Decimal(5)
            )
        except (DomainError, IllegalTransition, NotAllowed):
            walker = Plan.objects.select_related("deal__company", "deal__responsible_kam").get(pk=plan.pk)
            assert walker.state == was
            continue
        assert target in allowed
        if walker.state in (S.ACTIVE, S.PRESENTATION):
            assert walker.revision >= 1
            assert not walker.needs_lead or walker.validated_by is not None
            assert replay(
                walker.revisions.order_by("number").values_list("changes", flat=True)
            ) == content_of(walker)
        if walker.state in OPEN_PLAN_STATES:
            assert walker.ended_at is None
