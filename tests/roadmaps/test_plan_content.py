"""Laws of the difference of two plans (R52): no Django, no database."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from roadmaps.plan_content import EMPTY, apply, difference, replay

VALUES = st.one_of(
    st.text(max_size=5), st.integers(-5, 5), st.lists(st.sampled_from("abc"), min_size=1, max_size=3)
)
FIELDS = st.dictionaries(st.sampled_from(["title", "due_on", "assignee", "depends_on"]), VALUES, max_size=4)
CONTENTS = st.fixed_dictionaries(
    {"plan": FIELDS, "tasks": st.dictionaries(st.sampled_from(["t1", "t2", "t3", "t4"]), FIELDS, max_size=4)}
)


@given(old=CONTENTS, new=CONTENTS)
def test_the_difference_leads_from_the_old_plan_to_the_new_one(old: Any, new: Any) -> None:
    """R52: what is written down is what has changed."""
    assert apply(old, difference(old, new)) == new


@given(content=CONTENTS)
def test_nothing_has_changed_in_an_equal_plan(content: Any) -> None:
    """R52: no revision without a change."""
    assert difference(content, content) == []


@given(contents=st.lists(CONTENTS, min_size=1, max_size=8))
def test_all_revisions_replay_to_the_last_plan(contents: list[Any]) -> None:
    """R52: from nothing, through every revision, to the plan as it stands."""
    steps = [difference(old, new) for old, new in zip([EMPTY, *contents], contents, strict=False)]
    assert replay(steps) == contents[-1]


@given(old=CONTENTS, new=CONTENTS)
def test_reading_a_difference_changes_neither_plan(old: Any, new: Any) -> None:
    """R52: history is not rewritten by looking at it."""
    before = (repr(old), repr(new))
    apply(old, difference(old, new))
    assert (repr(old), repr(new)) == before
