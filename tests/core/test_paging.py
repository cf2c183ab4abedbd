"""Keyset pages: every row once, in order, whichever way one walks; nulls and ties included."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import T
from upsell_crm.core.models import JobRun
from upsell_crm.core.paging import first_of_each, paginate

pytestmark = pytest.mark.django_db
MOMENTS = (None, "2026-11-01T10:00:00+03:00", "2026-11-02T10:00:00+03:00")
ORDERS = (
    ("id",),
    ("-id",),
    ("finished_at", "id"),
    ("-finished_at", "id"),
    ("-progress", "finished_at", "-id"),
)


def make_runs(rows: list[tuple[int, int]]) -> None:
    JobRun.objects.bulk_create(
        JobRun(job="test", kind="manual", business_date=T, progress=progress, finished_at=MOMENTS[moment])
        for progress, moment in rows
    )


def walk(order: tuple[str, ...], *, size: int) -> list[list[int]]:
    """All pages forward by their `after`."""
    pages, asked = [], {}
    while True:
        page = paginate(JobRun.objects.all(), asked, order=order, size=size)
        pages.append([run.pk for run in page.rows])
        if not page.after:
            return pages
        asked = {"after": page.after}


@pytest.mark.parametrize("order", ORDERS)
def test_each_row_comes_once_and_nulls_come_last(order: tuple[str, ...]) -> None:
    """Rules of the house: lists page by keyset."""
    make_runs([(progress, moment) for progress in (5, 1, 3, 3) for moment in (0, 1, 2, 0)])
    pages = walk(order, size=3)
    ids = [pk for page in pages for pk in page]
    assert sorted(ids) == sorted(JobRun.objects.values_list("pk", flat=True)) and len(ids) == 16
    if order[0].endswith("finished_at"):
        moments = [JobRun.objects.get(pk=pk).finished_at for pk in ids]
        first_null = moments.index(None)
        assert all(moment is None for moment in moments[first_null:])
        assert moments[:first_null] == sorted(moments[:first_null], reverse=order[0].startswith("-"))


@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=12),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 5),
)
def test_walking_back_meets_the_same_pages(
    rows: list[tuple[int, int]], order: tuple[str, ...], size: int
) -> None:
    """`before` undoes `after`, for any rows, order and size."""
    JobRun.objects.all().delete()
    make_runs(rows)
    forward, asked, pages = [], {}, []
    while True:
        page = paginate(JobRun.objects.all(), asked, order=order, size=size)
        pages.append(page)
        forward.append([run.pk for run in page.rows])
        if not page.after:
            break
        asked = {"after": page.after}
    for index in range(len(pages) - 1, 0, -1):
        back = paginate(JobRun.objects.all(), {"before": pages[index].before}, order=order, size=size)
        assert [run.pk for run in back.rows] == forward[index - 1]
        assert back.is_first == (index == 1)


def test_rows_that_come_and_go_repeat_nothing() -> None:
    """Faults B11: no skip and no repeat of unchanged rows while others are added and removed."""
    make_runs([(0, 0)] * 6)
    page = paginate(JobRun.objects.all(), {}, order=("-id",), size=3)
    seen = [run.pk for run in page.rows]
    make_runs([(0, 0)] * 2)
    JobRun.objects.filter(pk=seen[-1]).delete()
    following = paginate(JobRun.objects.all(), {"after": page.after}, order=("-id",), size=3)
    assert [run.pk for run in following.rows] == list(range(seen[-1] - 1, seen[-1] - 4, -1))


@pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "WzFd:abc:def", "", "\x00", "a" * 5000])
def test_a_bad_cursor_gives_the_first_page_with_a_note(cursor: str) -> None:
    """Faults B12: a forged cursor is no error and no leak."""
    make_runs([(0, 0)] * 3)
    page = paginate(JobRun.objects.all(), {"after": cursor}, order=("-id",), size=2)
    assert len(page.rows) == 2 and page.is_first
    assert bool(page.note) == bool(cursor)


def test_a_cursor_of_another_order_is_not_taken() -> None:
    """A cursor belongs to its list and order."""
    make_runs([(0, 0)] * 3)
    cursor = paginate(JobRun.objects.all(), {}, order=("-id",), size=2).after
    assert paginate(JobRun.objects.all(), {"after": cursor}, order=("id",), size=2).note


def test_a_page_is_one_statement() -> None:
    make_runs([(0, 0)] * 30)
    after = paginate(JobRun.objects.all(), {}, order=("business_date", "id"), size=10).after
    with CaptureQueriesContext(
        connection,
    ) as queries:
        paginate(JobRun.objects.all(), {"after": after}, order=("business_date", "id"), size=10)
    assert len(queries) == 1 and "OFFSET" not in queries[0]["sql"] and "COUNT" not in queries[0]["sql"]


def test_values_of_every_kind_survive_the_cursor() -> None:
    """Dates, moments, identifiers and text come back as they were."""
    make_runs([(1, 1), (1, 1), (2, 2)])
    order = ("business_date", "finished_at", "public_id", "job", "id")
    first = paginate(JobRun.objects.all(), {}, order=order, size=2)
    rest = paginate(JobRun.objects.all(), {"after": first.after}, order=order, size=2)
    assert {run.pk for run in [*first.rows, *rest.rows]} == set(JobRun.objects.values_list("pk", flat=True))
    assert isinstance(first.rows[0].business_date, date)


@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=20), size=st.integers(1, 4))
def test_a_board_takes_the_first_of_each_column(rows: list[tuple[int, int]], size: int) -> None:
    """Boards: in every column the first rows of its order, no more, by one statement."""
    JobRun.objects.all().delete()
    make_runs(rows)
    runs = JobRun.objects.all()
    with CaptureQueriesContext(connection) as captured:
        found = first_of_each(runs, "progress", (0, 1, 2), order=("-job", "-pk"), size=size)
    expected = [
        pk for column in (0, 1, 2)
        for pk in runs.filter(progress=column).order_by("-pk").values_list("pk", flat=True)[:size]
    ]  # fmt: skip
    assert sorted(found) == sorted(expected) and len(captured) == 1
