"""A presentation is refused, naming the block and the fact, while a fact is stale or a line has no source (R46, R54–R58).

The bar of issue 5: fifty planted faults, every one of them refused, and none once the block is off or the fact holds.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts.enums import Fact, FactResult
from accounts.models import (
    Company,
    Contact,
    CourtLoad,
    DepartmentInterest,
    FactCheck,
    FeatureWait,
    Interaction,
    InteractionContact,
    ProcurementProfile,
    ProcurementType,
    UsageSnapshot,
)
from deals.models import Deal
from roadmaps.enums import BlockKind, PresentationState
from roadmaps.models import Plan, Presentation
from roadmaps.services.presentation_moves import move_presentation
from roadmaps.services.presentations import create_presentation, edit_block
from tests.factories import Cast, T, moment
from tests.roadmaps.deck_makers import free_of_words, make_known_client, make_presentation, make_procedure
from upsell_crm.core.errors import DomainError
from upsell_crm.core.parameters import DEFAULTS

pytestmark = pytest.mark.django_db
B = BlockKind
USED = (
    (B.NEEDS, Fact.DEPARTMENTS), (B.USAGE, Fact.USERS), (B.USAGE, Fact.LICENCES), (B.COURT_LOAD, Fact.COURT_LOAD),
    (B.OFFER, Fact.LICENCES), (B.SCHEDULE, Fact.PROCUREMENT), (B.JUSTIFICATION, Fact.PROCUREMENT),
)  # fmt: skip
AGES = ("never", "a day over", "half a year over", "years over", "unknown since")


def plant(company: Company, fact: Fact, how: str) -> None:
    """The fact was never confirmed, or longer ago than it holds."""
    checks = FactCheck.objects.filter(company=company, fact=fact)
    if how == "never":
        checks.delete()
        return
    over = {"a day over": 1, "half a year over": 183, "years over": 1000, "unknown since": 1}[how]
    checks.update(checked_at=moment(T - timedelta(days=DEFAULTS["valid_days"][fact] + over)))
    if how == "unknown since":  # an answer for stage 1, but nothing that could be shown to a client
        one = checks.get()
        FactCheck.objects.create(
            company=company,
            fact=fact,
            result=FactResult.UNKNOWN,
            checked_at=moment(),
            checked_by=one.checked_by,
        )


def refusal(presentation: Presentation, by: object) -> list[str]:
    """Why it is not made ready; fails when it is."""
    with pytest.raises(DomainError) as refused:
        move_presentation(presentation, to=PresentationState.READY, by=by)  # type: ignore[arg-type]
    presentation.refresh_from_db()
    assert (refused.value.code, presentation.state, presentation.snapshot) == ("refused", "draft", {})
    return [str(text) for text in refused.value.errors[""]]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_known_client(cast)


@pytest.fixture
def full(plan: Plan) -> Presentation:
    """Every block is on and true."""
    return free_of_words(make_presentation(plan))


def test_what_is_known_passes(full: Presentation, cast: Cast) -> None:
    """The other side of the fifty cases: all ten blocks with fresh facts and sources."""
    move_presentation(full, to=PresentationState.READY, by=cast.aliev)
    assert [block["kind"] for block in full.snapshot["blocks"]] == list(BlockKind)


@pytest.mark.slow
@pytest.mark.parametrize("how", AGES)
@pytest.mark.parametrize(("kind", "fact"), USED)
def test_a_stale_fact_is_refused(
    full: Presentation, cast: Cast, kind: BlockKind, fact: Fact, how: str
) -> None:
    """R46: 35 of the fifty; confirmed, or with every block that uses it off, the same presentation passes."""
    plant(full.plan.deal.company, fact, how)
    told = refusal(full, cast.aliev)
    assert any(str(kind.label) in text and str(fact.label) in text for text in told)
    users = {str(block) for block, used in USED if used == fact}
    assert all(any(str(B(block).label) in text for text in told) for block in users)
    for block in users - {str(kind)}:
        edit_block(full, block, by=cast.aliev, is_on=False)
    told = refusal(full, cast.aliev)
    assert len(told) == 1
    if AGES.index(how) % 2:
        edit_block(full, kind, by=cast.aliev, is_on=False)
    else:
        FactCheck.objects.create(
            company=full.plan.deal.company, fact=fact, result=FactResult.CONFIRMED, checked_at=moment(), checked_by=cast.aliev
        )  # fmt: skip
    move_presentation(full, to=PresentationState.READY, by=cast.aliev)
    assert full.is_frozen


def old_usage(days: int) -> Callable[[Plan], None]:
    def put(plan: Plan) -> None:
        UsageSnapshot.objects.exclude(active_users_30d=12).delete()
        UsageSnapshot.objects.update(as_of=T - timedelta(days=days))

    return put


def old_court_load(days: int) -> Callable[[Plan], None]:
    def put(plan: Plan) -> None:
        CourtLoad.objects.exclude(cases_12m=130).delete()
        CourtLoad.objects.update(as_of=T - timedelta(days=days))

    return put


def wait_without(**values: object) -> Callable[[Plan], object]:
    return lambda plan: FeatureWait.objects.update(**values)


def ended_procedure(**values: object) -> Callable[[Plan], object]:
    return lambda plan: ProcurementType.objects.update(**values)


LINES: tuple[tuple[str, BlockKind, Callable[[Plan], object], str], ...] = (
    ("usage just too old", B.USAGE, old_usage(46), "Casebook"),
    ("usage of last spring", B.USAGE, old_usage(200), "Casebook"),
    ("court load just too old", B.COURT_LOAD, old_court_load(181), "Судебная нагрузка"),
    ("court load of last year", B.COURT_LOAD, old_court_load(400), "Судебная нагрузка"),
    ("need out of nowhere", B.NEEDS, lambda plan: DepartmentInterest.objects.update(interaction=None), "Юридический отдел: Casebook"),
    ("need of a meeting taken back", B.NEEDS, lambda plan: Interaction.objects.update(retracted_at=moment()), "Юридический отдел: Casebook"),
    ("need of a meeting with nobody", B.NEEDS, lambda plan: InteractionContact.objects.all().delete(), "Юридический отдел: Casebook"),
    ("need of a leaver", B.NEEDS, lambda plan: Contact.objects.update(state="left"), "Юридический отдел: Casebook"),
    ("need of somebody anonymised", B.NEEDS, lambda plan: Contact.objects.update(anonymised_at=moment()), "Юридический отдел: Casebook"),
    ("wish of nobody", B.NEEDS, wait_without(contact=None), "Выгрузка в таблицу"),
    ("wish of no day", B.NEEDS, wait_without(asked_on=None), "Выгрузка в таблицу"),
    ("quote of nobody", B.QUOTES, lambda plan: InteractionContact.objects.update(attended=False), "Экономит день в неделю"),
    ("no procedure", B.JUSTIFICATION, lambda plan: Deal.objects.update(procurement_type=None), "процедура закупки"),
    ("procedure that has ended", B.JUSTIFICATION, ended_procedure(valid_to=date(2026, 11, 23)), "Прямой договор"),
    ("procedure of next year", B.JUSTIFICATION, ended_procedure(valid_from=date(2027, 1, 1)), "Прямой договор"),
    ("procedure of another law", B.JUSTIFICATION, ended_procedure(regime="fz44"), "Прямой договор"),
    ("no law", B.JUSTIFICATION, lambda plan: Company.objects.update(regime="unknown"), "по какому закону"),
    ("lines unlike the deal", B.OFFER, lambda plan: Deal.objects.update(amount=1), "суммой сделки"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "put", "word"), [case[1:] for case in LINES], ids=[case[0] for case in LINES]
)
def test_a_line_without_a_source_is_refused(
    full: Presentation, cast: Cast, kind: BlockKind, put: Callable[[Plan], object], word: str
) -> None:
    """R54–R58: 18 of the fifty; with the block off the same presentation passes."""
    put(full.plan)
    again = Presentation.objects.get(pk=full.pk)
    told = refusal(again, cast.aliev)
    assert any(str(kind.label) in text and word in text for text in told)
    for block in {
        B(one["kind"]) for one in again.blocks if any(str(B(one["kind"]).label) in text for text in told)
    }:
        edit_block(again, block, by=cast.aliev, is_on=False)
    move_presentation(again, to=PresentationState.READY, by=cast.aliev)
    assert again.is_frozen and kind not in {block["kind"] for block in again.snapshot["blocks"]}


def test_there_are_fifty_cases() -> None:
    """The bar counts them."""
    assert len(USED) * len(AGES) + len(LINES) >= 50


def test_one_click_leaves_out_what_has_no_source(plan: Plan, cast: Cast) -> None:
    """R54: such a line is seen in the editor and does not go to the slides unless it gets its source."""
    DepartmentInterest.objects.update(interaction=None)
    draft = create_presentation(plan, by=cast.aliev)
    move_presentation(draft, to=PresentationState.READY, by=cast.aliev)
    needs = next(block for block in draft.snapshot["blocks"] if block["kind"] == "needs")
    assert [need["text"] for group in needs["data"]["groups"] for need in group["needs"]] == [
        "Забирать события в свою систему"
    ]


def test_a_free_block_without_words_is_refused(full: Presentation, cast: Cast) -> None:
    """R57: an empty slide does not go out."""
    edit_block(full, B.FREE, by=cast.aliev, text="  ")
    assert any("Свободный текст" in text for text in refusal(full, cast.aliev))


def test_a_procedure_with_another_is_checked_on_the_day(full: Presentation, cast: Cast) -> None:
    """R58: the client's usual procedure stands in when the deal names none."""
    usual = make_procedure(code="auction", name_ru="Аукцион")
    ProcurementProfile.objects.create(company=full.plan.deal.company, default_type=usual)
    Deal.objects.update(procurement_type=None)
    again = Presentation.objects.get(pk=full.pk)
    move_presentation(again, to=PresentationState.READY, by=cast.aliev)
    assert again.snapshot["blocks"][-2]["data"]["procedure"] == "Аукцион"
