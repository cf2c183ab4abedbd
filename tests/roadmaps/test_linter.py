"""What a good lead sees in a plan: one fixture per rule, for and against (product.md §1.9, R79)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from roadmaps.lint_facts import Decider, Member, PlanFacts, PlannedTask, WeekLoad, stem_of
from roadmaps.linter import CODES, Flag, lint

TODAY = date(2026, 11, 24)
KAM, CLOSER, CSM = 1, 2, 3
SUNDAY = date(2026, 12, 6)


def task(assignee: int, title: str = "Собрать потребности", **values: Any) -> PlannedTask:
    values = {
        "phase": "needs", "starts_on": date(2026, 11, 25), "due_on": date(2026, 12, 1), "expected_result": "Список",
        **values,
    }  # fmt: skip
    return PlannedTask(key=f"task-{title}", title=title, assignee_id=assignee, **values)


GOOD = PlanFacts(
    today=TODAY, deadline=date(2027, 1, 15), presentation_on=date(2027, 1, 12), act_by=date(2027, 1, 20),
    forecast_on=date(2027, 1, 14), overload=8, sells=("Casebook",),
    members=(
        Member(KAM, "Сотникова Вера", frozenset({"kam"})), Member(CLOSER, "Котова Инна", frozenset({"closer"})),
        Member(CSM, "Мороз Алина", frozenset({"csm"})),
    ),
    tasks=(task(KAM), task(CLOSER, "Подготовить договор", phase="docs"), task(CSM, "Собрать отзывы", phase="info")),
    deciders=(Decider("Орехов П. С.", "орехов", frozenset({KAM})),),
    weeks=(WeekLoad(KAM, "Сотникова Вера", date(2026, 11, 30), of_plan=3, others=5),),
)  # fmt: skip


def codes(facts: PlanFacts) -> set[str]:
    return {flag.code for flag in lint(facts)}


def flag(code: str, facts: PlanFacts) -> Flag:
    return next(one for one in lint(facts) if one.code == code)


def with_tasks(*more: PlannedTask) -> PlanFacts:
    return replace(GOOD, tasks=(*GOOD.tasks, *more))


def without(user_id: int) -> PlanFacts:
    return replace(GOOD, tasks=tuple(one for one in GOOD.tasks if one.assignee_id != user_id))


def test_a_good_plan_has_no_remarks() -> None:
    """§1.9: the negative example of every rule at once."""
    assert lint(GOOD) == []


# code → a plan that has the fault, and the nearest one that has it not
FAULTS: dict[str, tuple[PlanFacts, PlanFacts]] = {
    "no_closer": (replace(GOOD, members=GOOD.members[:1]), replace(GOOD, members=GOOD.members[:2])),
    "closer_idle": (without(CLOSER), GOOD),
    "no_dm": (replace(GOOD, deciders=()), GOOD),
    "nobody_on_dm": (
        replace(GOOD, deciders=(Decider("Орехов П. С.", "орехов", frozenset({CSM})),)),  # his task is about facts
        replace(GOOD, deciders=(Decider("Орехов П. С.", "орехов", frozenset({KAM, CSM})),)),
    ),
    "late_deadline": (replace(GOOD, act_by=date(2027, 1, 14)), replace(GOOD, act_by=date(2027, 1, 15))),
    "late_forecast": (replace(GOOD, forecast_on=date(2027, 1, 18)), replace(GOOD, forecast_on=date(2027, 1, 15))),
    "no_result": (with_tasks(task(KAM, "Позвонить", expected_result=" ")), with_tasks(task(KAM, "Позвонить"))),
    "overload": (
        replace(GOOD, weeks=(WeekLoad(KAM, "Сотникова Вера", date(2026, 11, 30), of_plan=4, others=5),)),
        replace(GOOD, weeks=(WeekLoad(KAM, "Сотникова Вера", date(2026, 11, 30), of_plan=0, others=20),)),
    ),
    "no_presentation": (
        replace(GOOD, presentation_on=None), replace(GOOD, presentation_on=None, is_roadmap=False),
    ),
    "late_presentation": (
        replace(GOOD, presentation_on=date(2027, 1, 18)), replace(GOOD, presentation_on=date(2027, 1, 15)),
    ),
    "idle_member": (without(CSM), GOOD),
    "deadline_off": (replace(GOOD, days_off=frozenset({date(2027, 1, 15)})), GOOD),
    "day_off": (
        replace(with_tasks(task(KAM, "Встреча", due_on=SUNDAY)), days_off=frozenset({SUNDAY})),
        replace(with_tasks(task(KAM, "Встреча", due_on=SUNDAY, is_open=False)), days_off=frozenset({SUNDAY})),
    ),
    "deadline_past": (
        replace(GOOD, deadline=date(2026, 11, 23), presentation_on=date(2026, 11, 20)),
        replace(GOOD, deadline=date(2026, 11, 24), presentation_on=date(2026, 11, 20)),
    ),
    "past": (
        with_tasks(task(KAM, "Позвонить", due_on=date(2026, 11, 23))),
        replace(with_tasks(task(KAM, "Позвонить", due_on=date(2026, 11, 23))), is_working=True),
    ),
    "stale_facts": (replace(GOOD, stale=("Орехов П. С.",)), GOOD),
    "one_product": (
        replace(GOOD, interested_in=("Caselook",)),
        replace(GOOD, interested_in=("Caselook",), sells=("Casebook", "Caselook Pro")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_rule_sees_its_fault_and_nothing_where_there_is_none(code: str) -> None:
    """§1.9: one fixture per rule, positive and negative; each remark says where it is put right."""
    faulty, sound = FAULTS[code]
    assert code in codes(faulty)
    assert code not in codes(sound)
    assert flag(code, faulty).text and flag(code, faulty).place


def test_every_rule_has_its_fixture() -> None:
    """A new rule without an example fails here; a comment may speak of each."""
    assert set(FAULTS) == CODES


def test_a_task_that_names_the_decision_maker_is_enough() -> None:
    """R79: in whatever case his name stands; a task about documents does not meet him."""
    stranger = replace(GOOD, deciders=(Decider("Орехов П. С.", stem_of("Орехов")),))
    assert "nobody_on_dm" in codes(stranger)
    named = task(CSM, "Встретиться с Ореховым")
    assert "nobody_on_dm" not in codes(replace(stranger, tasks=(*stranger.tasks, named)))
    papers = replace(named, phase="docs")
    assert "nobody_on_dm" in codes(replace(stranger, tasks=(*stranger.tasks, papers)))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Иванова", "ивановой"),
        ("Орехов", "ореховым"),
        ("Толстой", "толстым"),
        ("Мороз", "морозом"),
        ("Ким", "ким"),
    ],
)
def test_a_surname_is_known_in_every_case(name: str, said: str) -> None:
    """A title speaks of «встрече с Ивановой»."""
    assert said.startswith(stem_of(name))


def test_a_remark_names_whom_it_means_and_counts_the_rest() -> None:
    """§1.9: words with the number and the name."""
    crowd = tuple(Member(10 + n, f"Человек {n}", frozenset({"performer"})) for n in range(5))
    found = flag("idle_member", replace(GOOD, members=(*GOOD.members, *crowd)))
    assert "5" in found.text and "Человек 2" in found.text and "Человек 3" not in found.text


def test_grave_remarks_come_first() -> None:
    """What has to be corrected stands above what is worth a question."""
    found = lint(replace(FAULTS["overload"][0], presentation_on=None))
    assert [one.severity for one in found] == ["bad", "warn"]
