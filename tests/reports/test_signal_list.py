"""«Поводы», the lane of «Мой день», the block of the card, «Отложить» and the file (issue 4, product.md §1.12, §3.1)."""

from datetime import timedelta
from uuid import UUID

import pytest

from accounts.models import ContactRole
from reports.models import RankRow, Signal
from reports.services.ranking import run_ranking
from reports.services.signal_refresh import refresh_signals
from reports.signals.table import RULES
from tests.factories import T, make_company, make_contract, make_deal
from tests.reports.signal_makers import budget, load, maker, talk, use, wait
from upsell_crm.core.models import Draft, ExportLog

UNKNOWN = UUID(int=0)
URL, MINE = "/signals/?show=", "/signals/mine/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def portfolio(cast, references):
    """Two clients of Lisina and one of Demin's team, each with a reason; the first one ends sooner."""
    near, far, foreign = (
        make_company("Меридиан", kam=cast.lisina),
        make_company("Лизинг", kam=cast.lisina),
        make_company("Ритейл", kam=cast.demin),
    )
    for company, days in ((far, 300), (near, 40), (foreign, 40)):
        make_contract(company, ("casebook", 10), end_date=T + timedelta(days))
        budget(company, 12)
    use(near, 12)
    recount()
    return near, far, foreign


def recount():
    """What the night does."""
    run_ranking(by=None)
    refresh_signals()


def words_of(answer):
    """The words of every reason on a page."""
    return [one.words for group in answer.context["groups"] for one in group.signals]


def test_the_strongest_client_stands_first_with_the_evidence_in_words(cast, portfolio, client_of):
    """R17, R26: grouped by client; a colleague's team is not there."""
    answer = client_of(cast.lisina).get(URL)
    assert [group.company.name for group in answer.context["groups"]] == ["Меридиан", "Лизинг"]
    assert words_of(answer)[:2] == [
        "Casebook: активных пользователей 12 на 10 лицензий (на 21.11.2026)", "Месяц бюджета — декабрь, осталось 7 дней",
    ]  # fmt: skip


def test_a_kam_is_led_to_his_own_clients(cast, portfolio, client_of):
    """R17; «любые» shows the team's. A lead sees his team at once."""
    assert client_of(cast.vetrov).get("/signals/").url == "/signals/?kam=vetrov"
    assert client_of(cast.vetrov).get("/signals/?kam=vetrov").context["groups"] == []
    assert len(client_of(cast.vetrov).get("/signals/?kam=").context["groups"]) == 2
    assert client_of(cast.belova).get("/signals/").status_code == 200


def test_each_role_sees_the_clients_of_its_ranking(cast, portfolio, client_of):
    """§3: a lead his team, the head everybody, BackOffice nothing."""
    assert len(client_of(cast.belova).get(URL).context["groups"]) == 2
    assert len(client_of(cast.andreeva).get(URL).context["groups"]) == 3
    assert client_of(cast.titova).get(URL).status_code == 403


@pytest.mark.slow
def test_filters_narrow_by_rule_person_team_and_words(cast, portfolio, client_of):
    head = client_of(cast.andreeva)
    for query, expected in (
        ("rule=licences_full", ["Меридиан"]), ("kam=demin", ["Ритейл"]), ("team=K1&rule=budget_month", ["Меридиан", "Лизинг"]),
        ("q=лизинг", ["Лизинг"]), ("show=snoozed", []), ("rule=cases_up", []),
    ):  # fmt: skip
        found = [group.company.name for group in head.get(f"{URL}&{query}").context["groups"]]
        assert found == expected, query
    assert "Под эти фильтры поводов нет" in head.get(f"{URL}&rule=cases_up").content.decode()


def test_the_counts_say_how_many_of_each_rule(cast, portfolio, client_of):
    html = client_of(cast.andreeva).get("/signals/counts/?team=K1").content.decode()
    assert "лицензии заняты 1" in html and "все поводы 3" in html


def test_the_buttons_lead_to_the_next_step_filled_in(cast, portfolio, client_of):
    """R18: the deal with the seats that are needed now; who may not sell sees no button."""
    near = portfolio[0]
    html = client_of(cast.lisina).get(URL).content.decode()
    assert f"/companies/{near.public_id}/deals/new/?target-casebook=" in html
    assert f"/companies/{near.public_id}/outcome/" in html
    assert "/deals/new/" not in client_of(cast.rogov).get(URL).content.decode()


def test_with_an_open_deal_the_button_opens_it(cast, portfolio, client_of):
    deal = make_deal(portfolio[0], renews=portfolio[0].contracts.get())
    recount()
    html = client_of(cast.lisina).get(f"{URL}&rule=licences_full").content.decode()
    assert deal.get_absolute_url() in html and "К сделке" in html


@pytest.mark.slow
def test_people_are_named_only_to_who_may_see_them(cast, references, client_of):
    """§3: a Closer of the team sees the reason, not the name."""
    company = make_company("Меридиан", kam=cast.lisina)
    make_contract(company, ("casebook", 10))
    maker(company)
    wait(company, contact=company.contacts.get())
    recount()
    assert any("Орехов П. С." in words for words in words_of(client_of(cast.lisina).get(URL)))
    shown = words_of(client_of(cast.kim).get(URL))
    assert len(shown) == 2 and not any("Орехов" in words for words in shown)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_rule_has_its_words_in_both_languages(cast, references, client_of, language):
    """R100: no code and no gap in a sentence."""
    company = make_company("Меридиан", kam=cast.lisina)
    make_contract(company, ("casebook", 1))
    person = maker(company)
    for rule, evidence in (
        ("licences_full", {"product": "casebook", "active": 2, "seats": 1, "as_of": "2026-11-21"}),
        ("trained_over", {"product": "casebook", "trained": 34, "seats": 20}),
        ("trained_idle", {"product": "casebook", "trained": 18, "idle": 5, "active": None, "last_on": "2026-10-02"}),
        ("cases_up", {"now": 162, "before": 120, "as_of": "2026-11-04", "before_on": "2026-08-05"}),
        ("feature_shipped", {"feature": "Выгрузка", "released_on": "2026-11-09", "wait": str(UNKNOWN), "contact": None, "promised": False}),
        ("dm_changed", {"change": "new", "contact": person.pk, "on": "2026-11-14"}),
        ("dm_silent", {"contact": person.pk, "last_on": "2026-08-12"}),
        ("single_thread", {"contact": person.pk, "talks": 3, "last_on": "2026-11-14", "days": 180}),
        ("budget_month", {"month": 12, "begins": "2026-12-01"}),
    ):  # fmt: skip
        Signal.objects.create(company=company, rule=rule, evidence=evidence, opened_on=T)
    run_ranking(by=None)
    cast.lisina.language = language
    cast.lisina.save()
    page = client_of(cast.lisina).get(URL)
    assert f"/companies/{company.public_id}/trainings/offer/casebook/" in page.content.decode()
    shown = words_of(page)
    assert len(shown) == len(RULES) and len(set(shown)) == len(shown)
    if language == "ru":
        assert "Casebook: обучено 34, лицензий 20 — не хватает 14 мест" in shown  # product.md §1.12
        assert "Судебная нагрузка выросла на 35 %: 120 → 162 дела за 12 месяцев (на 04.11.2026)" in shown
        assert "Орехов П. С., ключевой ЛПР: 104 дня без контакта" in shown
        assert "За 180 дней говорили только с одним человеком: Орехов П. С., 3 разговора" in shown


@pytest.mark.slow
def test_putting_aside_takes_a_date_and_a_reason_and_may_be_undone(cast, portfolio, client_of):
    """A snooze with a reason, a toast with an undo, and the list of what is put aside."""
    client, signal = client_of(cast.lisina), Signal.objects.get(rule="licences_full")
    url = f"/signals/{signal.public_id}/snooze/"
    form = client.get(url, headers=HTMX)
    assert form.context["form"]["until"].value() == T + timedelta(14) and "12 на 10" in form.content.decode()
    refused = client.post(url, {"until": "2026-12-08", "reason": ""}, headers=HTMX)
    assert refused.status_code == 422
    saved = client.post(url, {"until": "2026-12-08", "reason": "Ждём бюджет"}, headers=HTMX)
    assert saved.status_code == 204 and f"/signals/{signal.public_id}/wake/" in saved["HX-Trigger"]
    assert "signal:changed" in saved["HX-Trigger"]
    assert len(words_of(client.get(URL))) == 2
    aside = client.get(f"{URL}&show=snoozed").content.decode()
    assert "отложено до 08.12.2026: Ждём бюджет" in aside
    assert (
        client.post(f"/signals/{signal.public_id}/wake/", headers={"X-Requested-With": "fetch"}).status_code
        == 204
    )
    assert len(words_of(client.get(URL))) == 3


def test_what_is_typed_into_the_form_is_kept(cast, portfolio, client_of):
    """Faults A8: a draft of its author."""
    signal = Signal.objects.get(rule="licences_full")
    Draft.objects.create(
        user=cast.lisina,
        key=f"snooze_signal:{signal.public_id}",
        data={"reason": ["Ждём"], "until": ["2026-12-20"]},
    )
    form = client_of(cast.lisina).get(f"/signals/{signal.public_id}/snooze/", headers=HTMX).context["form"]
    assert (form["reason"].value(), form["until"].value()) == ("Ждём", "2026-12-20")


@pytest.mark.slow
def test_my_news_are_of_my_clients_seven_of_them(cast, portfolio, client_of):
    """product.md §3.1: «Есть новость» ≤ 7 rows and «ещё»; two reasons of a client, the rest is counted."""
    near = portfolio[0]
    load(near, T - timedelta(110), 10), load(near, T - timedelta(5), 20)
    wait(near)
    for number in range(7):
        extra = make_company(f"Клиент {number}", kam=cast.lisina)
        make_contract(extra, ("casebook", 10))
        budget(extra, 12)
    recount()
    answer = client_of(cast.lisina).get(MINE)
    assert len(answer.context["groups"]) == 7 and answer.context["groups"][0].company == near
    html = answer.content.decode()
    assert "Все поводы" in html and "и ещё 2 повода" in html and "Ритейл" not in html
    assert client_of(cast.vetrov).get(MINE).content.decode().strip() == ""


def test_a_released_feature_is_the_first_news(cast, portfolio, client_of):
    """R24: it stood in «Мой день» before, and still does, with the client's words."""
    wait(portfolio[0], quote="Смотрим всю группу")
    refresh_signals()
    first = client_of(cast.lisina).get(MINE).context["groups"][0].signals[0]
    assert first.signal.rule == "feature_shipped" and "Смотрим всю группу" in first.words
    form = client_of(cast.lisina).get(first.doors[0].url, headers=HTMX).context["form"]
    assert form["purpose"].value() == "feature"


def test_the_card_shows_the_reasons_and_what_is_put_aside(cast, portfolio, client_of):
    near = portfolio[0]
    url = f"/companies/{near.public_id}/signals/"
    Signal.objects.filter(rule="licences_full").update(snoozed_until=T + timedelta(3), snooze_reason="Ждём")
    html = client_of(cast.lisina).get(url).content.decode()
    assert "Месяц бюджета" in html and "отложено до 27.11.2026: Ждём" in html
    assert "сигнал" not in client_of(cast.titova).get(url).content.decode()
    assert f'hx-get="{url}"' in client_of(cast.lisina).get(near.get_absolute_url()).content.decode()


def test_the_priorities_say_how_many_reasons_wait(cast, portfolio, client_of):
    """What is put aside does not wait."""
    Signal.objects.filter(company=portfolio[1]).update(snoozed_until=T + timedelta(3), snooze_reason="Ждём")
    answer = client_of(cast.belova).get("/priorities/")
    assert [item.signals for item in answer.context["rows"]] == [2, 0]
    assert f"/signals/?q={portfolio[0].inn}" in answer.content.decode()


def test_a_client_without_a_score_stands_last(cast, portfolio, client_of):
    """Former clients and those without a contract have reasons too."""
    free = make_company("Без договора", kam=cast.lisina)
    budget(free, 12)
    recount()
    groups = client_of(cast.lisina).get(URL).context["groups"]
    assert groups[-1].company == free and RankRow.objects.current().get(company=free).score is None


def test_the_file_holds_what_may_be_exported_and_is_logged(cast, portfolio, client_of):
    """§3: a KAM his own clients; every export is in the log."""
    answer = client_of(cast.lisina).post("/signals/export/", {"query": "rule=budget_month"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 3 and "Меридиан" in lines[1] and "Месяц бюджета — декабрь" in lines[1]
    logged = ExportLog.objects.get()
    assert (logged.kind, logged.rows, logged.user) == ("signals", 2, cast.lisina)
    assert client_of(cast.vetrov).post("/signals/export/", {}).status_code == 422
    assert client_of(cast.rogov).post("/signals/export/", {}).status_code == 403


def test_an_empty_list_says_why(cast, references, client_of):
    html = client_of(cast.lisina).get(URL).content.decode()
    assert "Клиенты ещё не ранжированы" in html
    run_ranking(by=None)
    assert "У ваших клиентов ничего нового" in client_of(cast.lisina).get(URL).content.decode()


@pytest.mark.slow
def test_the_pages_cost_the_same_with_3_and_30_clients(cast, references, client_of, query_budget):
    """R4: constant and at most twelve."""
    client = client_of(cast.lisina)

    def add(amount):
        for _ in range(amount):
            company = make_company(kam=cast.lisina)
            contract = make_contract(company, ("casebook", 5))
            make_deal(company, renews=contract)
            use(company, 9), budget(company, 12), wait(company, title=f"Функция {company.pk}")
            person = maker(company)
            talk(company, cast.lisina, person, days_ago=100)
        recount()

    company = make_company(kam=cast.lisina)
    card = f"/companies/{company.public_id}/signals/"
    visits = [lambda url=url: client.get(url) for url in (URL, "/signals/counts/", MINE, card)]
    query_budget(add, *visits)
    assert ContactRole.objects.exists()


@pytest.mark.slow
def test_pages_go_on_by_keyset(cast, references, client_of):
    for _ in range(27):
        company = make_company(kam=cast.lisina)
        budget(company, 12)
    recount()
    client = client_of(cast.lisina)
    first = client.get(URL).context["page"]
    second = client.get(URL, {"after": first.after}).context["page"]
    assert (len(first.rows), len(second.rows)) == (25, 2)
