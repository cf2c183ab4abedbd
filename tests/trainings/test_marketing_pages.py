"""Pages of marketing: the list, one activity, the segment builder, files (R88, R89, §6.7)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Contact, FeatureRequest, FeatureWait
from tests.factories import Cast, T, make_company, make_contract, make_product, moment
from tests.trainings.marketing_makers import make_activity, make_person
from trainings.models import MarketingActivity
from trainings.services.audiences import take_segment
from upsell_crm.core.models import ExportLog, User

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_the_segment_page_counts_people_and_reasons(cast: Cast, client_of: ClientOf) -> None:
    """§6.7: a live count with the excluded and their reasons; the numbers alone for htmx."""
    bank = make_company("Банк", kam=cast.vetrov, industry="bank")
    make_person(bank)
    make_person(bank, "Неизвестен Пётр", consent_mailing="unknown")
    make_person(make_company("Магазин", kam=cast.demin, industry="retail"))
    url = reverse("trainings:segment")
    page = text_of(client_of(cast.sokolova).get(url, {"industry": "bank"}))
    assert "<strong>1</strong> человек с согласием" in page and "1 компания" in page
    assert "согласие неизвестно: 1" in page
    part = client_of(cast.sokolova).get(url, headers={**HTMX, "HX-Target": "segment"})
    assert "<html" not in text_of(part) and "<strong>2</strong>" in text_of(part)


def test_a_segment_goes_into_a_new_activity_and_into_a_planned_one(cast: Cast, client_of: ClientOf) -> None:
    """Flow of §6.7 by requests; the undo takes the people out again."""
    bank, shop = (
        make_company("Банк", kam=cast.vetrov, industry="bank"),
        make_company("Магазин", kam=cast.demin),
    )
    make_person(bank)
    make_person(shop)
    client = client_of(cast.sokolova)
    data = {
        "kind": "webinar",
        "title": "Вебинар",
        "starts_at": "2026-12-01T11:00",
        "segment": "industry=bank",
    }
    answer = client.post(reverse("trainings:create_activity"), data, headers=HTMX)
    activity = MarketingActivity.objects.get()
    assert answer["HX-Redirect"] == activity.get_absolute_url()
    assert activity.touches.get().company == bank
    answer = client.post(
        reverse("trainings:take_segment"), {"activity": activity.pk, "query": ""}, headers=HTMX
    )
    assert activity.touches.count() == 2
    undo = answer["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    client.post(undo)
    assert activity.touches.get().company == bank
    page = text_of(client.get(activity.get_absolute_url()))
    assert "Отрасль: Банк" in page and "Орехов Павел Сергеевич" in page


def test_the_news_of_a_feature_reach_who_waits_and_who_owns(cast: Cast, client_of: ClientOf) -> None:
    """R89: the form of a released feature is filled in, its segment is the waiting and the owners."""
    product = make_product("casebook")
    feature = FeatureRequest.objects.create(title="API", product=product, status="released", released_on=T)
    waiting, owner = make_company("Ждёт", kam=cast.vetrov), make_company("Владеет", kam=cast.vetrov)
    FeatureWait.objects.create(feature=feature, company=waiting)
    make_contract(owner, ("casebook", 5))
    for company in (waiting, owner, make_company("Чужой", kam=cast.vetrov)):
        make_person(company)
    client, url = client_of(cast.sokolova), reverse("trainings:create_activity")
    assert f"{url}?feature={feature.public_id}" in text_of(client.get(feature.get_absolute_url()))
    form = client.get(url, {"feature": feature.public_id}).context["form"]
    assert (form["kind"].value(), form["title"].value()) == ("mailing", "Вышла функция «API»")
    data = {name: form[name].value() for name in ("kind", "title", "product", "feature", "segment")}
    client.post(url, {**data, "starts_at": "2026-11-25T10:00"})
    activity = MarketingActivity.objects.get()
    assert set(activity.touches.values_list("company__name", flat=True)) == {"Ждёт", "Владеет"}


def test_ticked_people_are_marked_and_the_undo_gives_it_back(cast: Cast, client_of: ClientOf) -> None:
    """R88: attended by ticks; the results stand on the page and in the list."""
    make_person(make_company("Банк", kam=cast.vetrov))
    activity = make_activity(cast.sokolova, "webinar", state="planned")
    take_segment(activity, by=cast.sokolova, query="")
    client, url = client_of(cast.sokolova), reverse("trainings:mark_touches", args=[activity.public_id])
    contact = Contact.objects.get()
    answer = client.post(url, {"state": "attended", "contact": contact.public_id}, headers=HTMX)
    assert activity.touches.get().state == "attended"
    client.post(reverse("trainings:finish_activity", args=[activity.public_id]), headers=HTMX)
    page = text_of(client.get(reverse("trainings:activity_list")))
    assert "100 %" in page and "Проведено" in page
    client.post(answer["HX-Trigger"].split('"undo": "')[1].split('"')[0])
    assert activity.touches.get().state == "invited"


def test_names_that_nobody_bears_stay_in_the_form(cast: Cast, client_of: ClientOf) -> None:
    """R88: unknown names are reported with their text, the known ones are marked."""
    make_person(make_company("Банк", kam=cast.vetrov), "Орехова Анна")
    activity = make_activity(cast.sokolova, "event")
    take_segment(activity, by=cast.sokolova, query="")
    url = reverse("trainings:mark_list", args=[activity.public_id])
    client = client_of(cast.sokolova)
    answer = client.post(url, {"state": "attended", "text": "Орехова Анна\nНикто Иван"}, headers=HTMX)
    page = text_of(answer)
    assert "Отмечено: 1. Не нашли: 1." in page and "Никто Иван</textarea>" in page
    assert client.post(url, {"state": "attended", "text": ""}, headers=HTMX).status_code == 422


def test_a_lead_looks_and_sees_the_people_of_his_clients(cast: Cast, client_of: ClientOf) -> None:
    """§3: numbers of everybody, names within reach; no button of marketing."""
    make_person(make_company("Банк", kam=cast.vetrov), "Свой Пётр")
    make_person(make_company("Магазин", kam=cast.demin), "Чужой Иван")
    activity = make_activity(cast.sokolova)
    take_segment(activity, by=cast.sokolova, query="")
    page = text_of(client_of(cast.belova).get(activity.get_absolute_url()))
    assert "Свой Пётр" in page and "Чужой Иван" not in page
    assert 'class="tile-value">2<' in page and "Отметить по списку" not in page


def test_files_are_downloads_and_stand_in_the_log(cast: Cast, client_of: ClientOf) -> None:
    """Story 15: every export is in the log."""
    make_person(make_company("Банк", kam=cast.vetrov))
    activity = make_activity(cast.sokolova)
    take_segment(activity, by=cast.sokolova, query="")
    client = client_of(cast.sokolova)
    answer = client.post(reverse("trainings:export_segment"), {"query": "", "format": "csv"})
    assert "Орехов" in b"".join(answer.streaming_content).decode()
    answer = client.post(reverse("trainings:export_audience", args=[activity.public_id]), {"format": "xlsx"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert ExportLog.objects.filter(user=cast.sokolova, kind="segment").count() == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["list", "page", "segment"])
def test_pages_cost_the_same_for_any_number_of_rows(
    cast: Cast, client_of: ClientOf, query_budget: Callable[..., int], name: str
) -> None:
    """§6: constant queries."""
    big = make_activity(cast.sokolova, "webinar")
    client = client_of(cast.sokolova)

    def add(n: int) -> None:
        for _number in range(n):
            make_person(make_company(kam=cast.vetrov))
            small = make_activity(cast.sokolova, starts_at=moment(T - timedelta(days=1)))
            take_segment(small, by=cast.sokolova, query="")
        big.refresh_from_db()
        take_segment(big, by=cast.sokolova, query="")

    urls = {"list": reverse("trainings:activity_list"), "page": big.get_absolute_url(), "segment": reverse("trainings:segment")}  # fmt: skip
    query_budget(add, lambda: client.get(urls[name]))
