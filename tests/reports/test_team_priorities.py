"""The lead's page: only his team, in the order of the score, with reasons, filters and the question (story 2)."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.urls import reverse

from accounts.enums import TaskOrigin
from accounts.models import Company, Task
from accounts.services.holdings import refresh_heads
from reports.models import RankRow
from reports.services.ranking import run_ranking
from tests.factories import T, make_company, make_contact, make_contract, moment

URL = "/priorities/"


@pytest.fixture
def pipeline(cast, references):
    """Three clients of К2, one of К3; the second is late."""
    far = make_company("Порт", kam=cast.aliev)
    late = make_company("Заречье Сбыт", kam=cast.aliev)
    near = make_company("Водоканал", kam=cast.aliev)
    stranger = make_company("Лён", kam=cast.demin)
    for company, end in (
        (far, date(2027, 10, 31)), (late, date(2026, 12, 20)), (near, date(2027, 2, 28)), (stranger, date(2026, 12, 10)),
    ):  # fmt: skip
        make_contract(company, ("casebook", 10), end_date=end)
    run_ranking(by=None)
    return far, late, near, stranger


def names_in_order(html: str, companies) -> list[str]:
    shown = [company.name for company in companies if company.name in html]
    return sorted(shown, key=html.index)


def test_a_lead_sees_his_team_by_score(cast, pipeline, client_of):
    """R17, R98, story 2: К2 only, the late one first, with its slack in words."""
    html = client_of(cast.gromov).get(URL).content.decode()
    assert names_in_order(html, pipeline) == ["Заречье Сбыт", "Водоканал", "Порт"]
    assert "опоздание" in html


def test_the_head_sees_everybody(cast, pipeline, client_of):
    """§3: scope A."""
    html = client_of(cast.andreeva).get(URL).content.decode()
    assert all(company.name in html for company in pipeline)


@pytest.mark.slow
def test_a_tile_counts_what_its_filter_shows(cast, pipeline, client_of):
    """§6.2: tiles act as filters; the number on the tile is the number of rows behind it."""
    client = client_of(cast.gromov)
    tiles = {t["code"]: t["value"] for t in client.get("/priorities/tiles/").context["tiles"]}
    for code, value in tiles.items():
        rows = client.get(URL, {"focus": code}).context["rows"]
        assert len(rows) == value, code
    assert tiles["late"] == 1


@pytest.mark.slow
def test_filters_stand_in_the_url(cast, pipeline, client_of):
    """R17: a lead or the head narrows the list to one manager."""
    client = client_of(cast.andreeva)
    rows = client.get(URL, {"kam": "demin"}).context["rows"]
    assert [item.row.company.name for item in rows] == ["Лён"]
    assert len(client.get(URL, {"q": "ЛЁН"}).context["rows"]) == 1
    assert len(client.get(URL, {"product": "caselook"}).context["rows"]) == 0
    assert len(client.get(URL, {"act_by_to": "2026-11-24"}).context["rows"]) == 2


def test_a_bad_filter_is_said_and_shows_no_error_page(cast, pipeline, client_of):
    answer = client_of(cast.gromov).get(
        URL, {"focus": "nonsense", "act_by_to": "32.13.2026", "after": "forged"}
    )
    assert answer.status_code == 200


def test_an_empty_filter_says_why(cast, pipeline, client_of):
    """§6: the empty state names the cause and the action."""
    html = client_of(cast.gromov).get(URL, {"q": "ничего такого"}).content.decode()
    assert "Под фильтр ничего не подходит" in html


def test_expanding_a_row_shows_every_line(cast, pipeline, client_of):
    """R26: eight lines, and they sum to the score."""
    _far, late, *_rest = pipeline
    answer = client_of(cast.gromov).get(reverse("reports:company_panel", args=[late.public_id]))
    why = answer.context["why"]
    assert len(why.lines) == 8
    assert sum(line.points for line in why.lines) == why.row.score
    assert "Нет данных" in why.missing


def test_the_lead_asks_and_the_kam_gets_a_task(cast, pipeline, client_of):
    """Story 2: open, expand, write, send."""
    _far, late, *_rest = pipeline
    url = reverse("accounts:ask_kam", args=[late.public_id])
    answer = client_of(cast.gromov).post(url, {"text": "Почему не начали?"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    task = Task.objects.get()
    assert (task.assignee, task.origin, task.company) == (cast.aliev, TaskOrigin.QUESTION, late)


def test_an_empty_question_is_refused_beside_the_field(cast, pipeline, client_of):
    url = reverse("accounts:ask_kam", args=[pipeline[1].public_id])
    answer = client_of(cast.gromov).post(url, {"text": " "}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert not Task.objects.exists()


def test_a_stranger_does_not_learn_that_the_client_exists(cast, pipeline, client_of):
    """Story 15: another team's client answers 404."""
    url = reverse("reports:company_panel", args=[pipeline[3].public_id])
    assert client_of(cast.gromov).get(url).status_code == 404


def test_decision_makers_are_not_named_to_the_administrator(cast, pipeline, client_of):
    """§3: the administrator sees the ranking, not the people of the clients (152-FZ)."""
    make_contact(pipeline[1], "Секретов Иван")
    run_ranking(by=None)
    url = reverse("reports:company_panel", args=[pipeline[1].public_id])
    assert "Секретов" not in client_of(cast.admin).get(url).content.decode()
    assert "Секретов" in client_of(cast.gromov).get(url).content.decode()


def test_a_holding_is_one_row(cast, pipeline, client_of):
    """§4.9: score of the best member, earliest act-by, members of other teams only counted."""
    far, late, _near, stranger = pipeline
    Company.objects.filter(pk__in=[late.pk, stranger.pk]).update(parent=far)
    refresh_heads()
    (group,) = client_of(cast.gromov).get(URL, {"holdings": "1"}).context["holdings"]
    assert (group.head, group.members, group.hidden) == (far, 2, 1)
    assert group.act_by == late.rank_rows.get(is_current=True).act_by


@pytest.mark.slow
def test_a_page_costs_the_same_with_3_and_30_rows(cast, references, client_of, query_budget):
    """R4: constant and at most twelve."""
    client = client_of(cast.gromov)

    def add(amount):
        for _ in range(amount):
            company = make_company(kam=cast.aliev, last_contact_at=moment(T - timedelta(3)))
            make_contract(company, ("casebook", 5))
        run_ranking(by=None)

    addresses = (URL, f"{URL}?holdings=1", "/priorities/tiles/")
    query_budget(add, *(partial(client.get, address) for address in addresses))


def test_few_data_counts_and_shows_the_clients_that_nobody_knows(cast, pipeline, client_of):
    """R6, §4.4, §6.2 «Мало данных»: confidence under 50 %; the stored number of the run is the number of the tab."""
    rows = client_of(cast.gromov).get(URL, {"focus": "few_data"}).context["rows"]
    known = RankRow.objects.current().ranked().filter(company__owner_kam=cast.aliev, confidence__lt=50)
    assert {shown.row.company_id for shown in rows} == set(known.values_list("company_id", flat=True))
    RankRow.objects.current().filter(company=pipeline[0]).update(confidence=49)
    RankRow.objects.current().exclude(company=pipeline[0]).update(confidence=50)
    [shown] = client_of(cast.gromov).get(URL, {"focus": "few_data"}).context["rows"]
    assert shown.row.company_id == pipeline[0].pk
    page = client_of(cast.gromov).get(URL).content.decode()
    assert "Мало данных" in page and "focus=few_data" in page
