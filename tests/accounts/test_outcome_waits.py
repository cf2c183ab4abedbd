"""The outcome form and awaited features: who waits and in which words, what was shown and what was said (R23, R25)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import FeatureStatus, Response
from accounts.models import AccountMember, Company, Contact, FeatureRequest, FeatureWait, Interaction, Product
from accounts.services.interactions import log_interaction, retract_interaction
from accounts.services.outcome import ShownSaid, WaitSaid
from tests.accounts.feature_makers import make_feature, make_wait, outcome
from tests.accounts.test_outcome_form import filled, url_of
from tests.factories import Cast, T, make_company, make_contact, make_product, moment
from upsell_crm.core.drafts import save_draft
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User

ClientOf = Callable[[User], Client]


@pytest.fixture
def casebook(db: None) -> Product:
    return make_product("casebook")


@pytest.fixture
def bank(cast: Cast, casebook: Product) -> Company:
    return make_company("Северодар Банк", kam=cast.lisina)


@pytest.fixture
def zuev(bank: Company) -> Contact:
    return make_contact(bank, "Зуев Пётр Ильич")


def log(by: User, company: Company, *people: Contact, **said: Any) -> Interaction:
    return log_interaction(by=by, company=company, outcome=outcome(attendees=people, **said))


def test_the_words_bind_client_person_feature_and_date(cast: Cast, bank: Company, zuev: Contact) -> None:
    """R23: one row of the form; the catalogue's title is found whatever its case and quotes."""
    api = make_feature()
    record = log(
        cast.lisina, bank, zuev, waits=[WaitSaid("«api мониторинга»", contact=zuev, words="Нужен обмен")]
    )
    wait = FeatureWait.objects.get(company=bank)
    assert (wait.feature, wait.contact, wait.quote, wait.interaction) == (api, zuev, "Нужен обмен", record)
    assert wait.asked_on == T - timedelta(days=1)


def test_an_unknown_title_enters_the_catalogue(cast: Cast, bank: Company, zuev: Contact) -> None:
    """R23: under the client's main product, as a new feature of this author."""
    log(cast.lisina, bank, zuev, waits=[WaitSaid("Интеграция с 1С")])
    feature = FeatureRequest.objects.get()
    assert (feature.title, feature.status, feature.product.code) == ("Интеграция с 1С", "new", "casebook")
    assert feature.created_by == cast.lisina


def test_who_waits_already_says_it_once_more(cast: Cast, bank: Company, zuev: Contact) -> None:
    """One wait per client and feature; the former words stay."""
    wait = make_wait(make_feature(), bank, quote="Раз")
    log(cast.lisina, bank, zuev, waits=[WaitSaid("API мониторинга", words="Два", contact=zuev)])
    wait.refresh_from_db()
    assert (wait.quote, wait.contact) == ("Раз\nДва", zuev)


def test_a_shown_feature_gets_its_answer_from_the_record(cast: Cast, bank: Company, zuev: Contact) -> None:
    """R25: presented and answered on the day of the communication."""
    wait = make_wait(make_feature(status=FeatureStatus.RELEASED), bank)
    record = log(cast.lisina, bank, zuev, shown=[ShownSaid(wait, Response.POSITIVE)])
    wait.refresh_from_db()
    assert (wait.response, wait.presentation) == ("positive", record)
    assert wait.presented_on == wait.answered_on == T - timedelta(days=1)


def test_the_record_tells_what_was_asked_and_shown(
    cast: Cast, bank: Company, zuev: Contact, client_of: ClientOf
) -> None:
    wait = make_wait(make_feature(status=FeatureStatus.RELEASED), bank)
    said = {"waits": [WaitSaid("Интеграция с 1С")], "shown": [ShownSaid(wait, Response.POSITIVE)]}
    record = log(cast.lisina, bank, zuev, **said)
    text = client_of(cast.lisina).get(f"/interactions/{record.public_id}/").content.decode()
    assert "Интеграция с 1С" in text and "положительный" in text


def test_a_record_taken_back_takes_its_features_along(cast: Cast, bank: Company, zuev: Contact) -> None:
    """«Отменить»: the new wait and title go, former words and the unshown state return."""
    known = make_wait(make_feature(), bank, quote="Раз")
    shown = make_wait(make_feature("Выгрузка", status=FeatureStatus.RELEASED), bank)
    waits = [WaitSaid("API мониторинга", words="Два"), WaitSaid("Интеграция с 1С")]
    record = log(cast.lisina, bank, zuev, waits=waits, shown=[ShownSaid(shown, Response.NEGATIVE)])
    retract_interaction(by=cast.lisina, interaction=record)
    known.refresh_from_db(), shown.refresh_from_db()
    assert known.quote == "Раз"
    assert (shown.presented_on, shown.response, shown.presentation) == (None, "", None)
    assert not FeatureRequest.objects.filter(title="Интеграция с 1С").exists()


def test_a_plan_has_heard_nothing_yet(cast: Cast, bank: Company, zuev: Contact) -> None:
    log(
        cast.lisina,
        bank,
        zuev,
        starts_at=moment(T + timedelta(days=3)),
        waits=[WaitSaid("API")],
        next_step_on=None,
        next_step="",
    )
    assert not FeatureWait.objects.exists()


def test_who_enters_no_features_is_told_so_at_the_rows(cast: Cast, bank: Company, zuev: Contact) -> None:
    """§3: a performer logs communications but enters no features; the text is not lost by a 403."""
    AccountMember.objects.create(company=bank, user=cast.naumov, role="performer", since_on=T)
    with pytest.raises(DomainError) as refusal:
        log(cast.naumov, bank, zuev, waits=[WaitSaid("API")])
    assert "waits" in refusal.value.errors


@pytest.mark.slow
def test_the_form_offers_the_catalogue_and_keeps_its_rows(
    cast: Cast, bank: Company, zuev: Contact, client_of: ClientOf
) -> None:
    """A row is added, typed, judged and saved like the other rows."""
    make_feature()
    client, url = client_of(cast.lisina), url_of(bank, "?fresh=1")
    page = client.get(url)
    assert "API мониторинга" in page.content.decode()
    data = filled(page, attendees=[str(zuev.public_id)])
    added = client.post(url, {**data, "add": "waits"})
    assert added.context["page"].waits.total_form_count() == 1
    row = {"waits-TOTAL_FORMS": 1, "waits-INITIAL_FORMS": 0, "waits-0-words": "Нужен обмен"}
    refused = client.post(url, {**data, **row})
    assert refused.status_code == 422 and refused.context["page"].waits[0].errors["feature"]
    saved = client.post(
        url, {**data, **row, "waits-0-feature": "API мониторинга", "waits-0-contact": str(zuev.public_id)}
    )
    assert saved.status_code == 302 and FeatureWait.objects.get().contact == zuev


def test_a_draft_keeps_the_rows_and_one_of_before_has_none(
    cast: Cast, bank: Company, zuev: Contact, client_of: ClientOf
) -> None:
    client = client_of(cast.lisina)
    typed = {"waits-TOTAL_FORMS": ["1"], "waits-INITIAL_FORMS": ["0"], "waits-0-feature": ["API"]}
    key = f"log_interaction:{bank.public_id}"
    save_draft(cast.lisina, key, typed)
    assert 'value="API"' in client.get(url_of(bank)).content.decode()
    save_draft(cast.lisina, key, {"summary": ["Говорили"]})
    assert client.get(url_of(bank)).context["page"].waits.total_form_count() == 0


def test_my_day_opens_the_form_with_the_feature(
    cast: Cast, bank: Company, zuev: Contact, client_of: ClientOf
) -> None:
    """«Записать итог» of a feature to present: purpose and «shown» are chosen; the answer is one tap."""
    wait = make_wait(make_feature(status=FeatureStatus.RELEASED), bank)
    client, url = client_of(cast.lisina), url_of(bank, f"?fresh=1&wait={wait.public_id}")
    page = client.get(url)
    form = page.context["form"]
    assert form["purpose"].value() == "feature" and form[f"shown_{wait.public_id}"].value() == "shown"
    answer = {f"shown_{wait.public_id}": "positive", "attendees": [str(zuev.public_id)]}
    assert client.post(url_of(bank, "?fresh=1"), filled(page, **answer)).status_code == 302
    wait.refresh_from_db()
    assert wait.response == "positive"
