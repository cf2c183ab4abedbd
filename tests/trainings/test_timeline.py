"""The timeline of a client holds what every room knows, in one order and without gaps (R5, R11)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Company, Interaction
from accounts.timeline import all_sources, timeline_page
from deals.models import Deal
from deals.services.deal_moves import move_deal
from tests.factories import (
    Cast,
    T,
    make_company,
    make_contact,
    make_contract,
    make_deal,
    make_document,
    make_handover,
    make_product,
    moment,
)
from trainings.models import MarketingActivity, MarketingTouch, Training
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
MIDNIGHT = datetime(2026, 11, 10, tzinfo=UTC)  # the moment as which a day counts
DAY = date(2026, 11, 10)
MOMENTS = (
    MIDNIGHT,
    MIDNIGHT + timedelta(hours=5),
    MIDNIGHT - timedelta(microseconds=1),
    MIDNIGHT + timedelta(days=1),
)


def make_event(kind: int, at: datetime, company: Company, user: User, no: int) -> None:
    """One event of a kind at a moment, or on its day."""
    day = at.astimezone(UTC).date()
    if kind == 0:
        Interaction.objects.create(company=company, author=user, starts_at=at, summary=f"Разговор {no}")
    elif kind == 1:
        make_deal(company, opened_on=day)
    elif kind == 2:
        make_document(make_deal(company, opened_on=date(2020, 1, 1)), "sent", approval_since=at)
    elif kind == 3:
        make_contract(company, number=f"Д-{no}", signed_on=day)
    else:
        Training.objects.create(
            company=company, product=make_product(f"p{no}"), topic=f"Тема {no}", starts_at=at, tutor=user
        )


def walk(user: User, company: Company, size: int) -> list[tuple[int, int]]:
    """All pages forward, as (source, key)."""
    found, asked = [], {}
    while True:
        page = timeline_page(user, [company.pk], asked, size=size)
        assert len(page.rows) <= size
        found += [(entry.rank, entry.key) for entry in page.rows]
        if not page.after:
            return found
        asked = {"after": page.after}


@pytest.mark.slow
@given(
    events=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(MOMENTS)), max_size=14), size=st.integers(1, 5)
)  # fmt: skip
def test_pages_follow_each_other_without_gaps_or_repeats(
    cast: Cast, events: list[tuple[int, datetime]], size: int
) -> None:
    """R11: whatever the mix of sources, and when many events have the same moment."""
    company = make_company(kam=cast.lisina)
    for no, (kind, at) in enumerate(events):
        make_event(kind, at, company, cast.lisina, no)
    whole = timeline_page(cast.lisina, [company.pk], {}, size=1000)
    assert walk(cast.lisina, company, size) == [(entry.rank, entry.key) for entry in whole.rows]
    moments = [entry.at for entry in whole.rows]
    assert moments == sorted(moments, reverse=True)
    assert len(whole.rows) == len(events) + sum(kind == 2 for kind, _at in events)  # a document has its deal


def test_every_room_is_told(cast: Cast, client_of: ClientOf) -> None:
    """R11: deals opened, moved, closed, documents, contracts, handovers, trainings, marketing."""
    company = make_company("ПАО «Горизонт»", kam=cast.lisina)
    deal = make_deal(company, title="Продление")
    move_deal(deal, to="strategy", by=cast.lisina)
    lost = make_deal(
        company, title="Другая", stage="lost", closed_at=moment(), main_reason="price", return_stage="needs"
    )
    make_document(lost, "agreed", number="7", agreed_at=moment())
    make_contract(company, ("casebook", 3), signed_on=T)
    make_handover(company, cast.lisina, cast.demin, state="completed", completed_at=moment())
    Training.objects.create(
        company=company, product=make_product("casebook"), topic="Поиск дел", starts_at=moment(), tutor=cast.lisina, state="held"
    )  # fmt: skip
    webinar = MarketingActivity.objects.create(
        kind="webinar", title="Новое в поиске", starts_at=moment(), owner=cast.lisina
    )
    MarketingTouch.objects.create(
        activity=webinar, contact=make_contact(company), company=company, state="attended"
    )
    page = client_of(cast.lisina).get(f"{company.get_absolute_url()}timeline/").content.decode()
    for words in (
        "Сделка открыта", "Сделка перешла: Стратегия", "Сделка проиграна", "Документ: согласован", "Договор подписан",
        "Передача предложена", "Клиент передан", "Обучение: проведено", "Поиск дел", "Маркетинг: ", "Новое в поиске",
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.slow
def test_filters_leave_one_kind(cast: Cast, client_of: ClientOf) -> None:
    """R11: communications, deals, documents, trainings, marketing, all; a person narrows to communications."""
    company = make_company(kam=cast.lisina)
    for kind in range(5):
        make_event(kind, moment(), company, cast.lisina, kind)
    browser, url = client_of(cast.lisina), f"{company.get_absolute_url()}timeline/"
    sources = all_sources()

    def groups(**asked: str) -> set[str]:
        return {sources[line.entry.rank].group.value for line in browser.get(url, asked).context["lines"]}

    assert groups() == {"talks", "deals", "documents", "training"}
    for group in ("talks", "deals", "documents", "training"):
        assert groups(what=group) == {group}
    assert not groups(what="marketing")
    assert groups(q="Разговор") == {"talks"} and not groups(q="нет такого")
    assert groups(period="30") == {"talks", "deals", "documents", "training"}


def test_subsidiaries_join_when_they_are_asked_for(cast: Cast, client_of: ClientOf) -> None:
    """R5, R11: only those whose cards the person may open, each event with the name of its company."""
    head = make_company("Холдинг", kam=cast.lisina)
    own = make_company("Наша дочка", kam=cast.lisina, parent=head, head=head)
    foreign = make_company("Чужая дочка", kam=cast.demin, parent=head, head=head)
    for company in (own, foreign):
        make_event(0, moment(), company, cast.lisina, company.pk)
    browser, url = client_of(cast.lisina), f"{head.get_absolute_url()}timeline/"
    assert not browser.get(url).context["lines"]
    [line] = browser.get(url, {"children": "on"}).context["lines"]
    assert line.company == str(own) and line.talk is not None


def test_what_a_person_may_not_see_is_not_told(cast: Cast) -> None:
    """§3: a tutor opens the card, and sees no documents and no deals of others there."""
    company = make_company(kam=cast.lisina)
    for kind in range(5):
        make_event(kind, moment(), company, cast.lisina, kind)
    sources = all_sources()

    def seen(user: User) -> set[str]:
        return {sources[entry.rank].group.value for entry in timeline_page(user, [company.pk], {}).rows}

    assert seen(cast.lisina) == {"talks", "deals", "documents", "training"}
    assert "deals" not in seen(cast.demin) and "training" not in seen(cast.demin)
    codes = {sources[entry.rank].code for entry in timeline_page(cast.demin, [company.pk], {}).rows}
    assert "document" not in codes


@pytest.mark.slow
def test_it_costs_the_same_whatever_the_mix(cast: Cast, client_of: ClientOf, query_budget: Any) -> None:
    """R11, bar of every page: constant statements."""
    company = make_company(kam=cast.lisina)
    browser, url = client_of(cast.lisina), f"{company.get_absolute_url()}timeline/?children=on"

    def add(count: int) -> None:
        for no in range(count):
            for kind in range(5):
                at = moment() + timedelta(hours=kind == 0)  # a communication stands on the first page
                make_event(kind, at, company, cast.lisina, 10 * Deal.objects.count() + no * 7 + kind)

    query_budget(add, lambda: browser.get(url), at_most=15)
