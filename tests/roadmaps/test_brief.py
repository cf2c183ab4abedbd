"""The brief before a meeting: one sheet with what §2.11 lists."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import (
    Agreement,
    Company,
    Expertise,
    Interaction,
    InteractionContact,
    InteractionUser,
    Objection,
)
from tests.factories import (
    Cast,
    T,
    make_company,
    make_contact,
    make_contract,
    make_deal,
    make_product,
    moment,
)
from tests.roadmaps.makers import make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_company(cast: Cast) -> Company:
    company = make_company("АО «Приозёрский Порт»", kam=cast.aliev, team=cast.k2)
    make_contract(company, ("casebook", 14))
    return company


def make_meeting(company: Company, cast: Cast, days: int = 0, **values: str) -> Interaction:
    meeting = Interaction.objects.create(
        company=company, author=cast.aliev, starts_at=moment(T + timedelta(days), 16),
        **{"state": "planned", "kind": "meeting", "purpose": "demo", **values},
    )  # fmt: skip
    InteractionUser.objects.create(interaction=meeting, user=cast.aliev)
    return meeting


def page(web: Client, company: Company, cast: Cast, query: str = "") -> str:
    web.force_login(cast.aliev)
    return web.get(f"/companies/{company.public_id}/brief/{query}").content.decode()


def test_the_sheet_is_about_the_next_meeting(client: Client, client_company: Company, cast: Cast) -> None:
    """§2.11: goal, who comes with attitude, who of us."""
    guest = make_contact(client_company, "Орехов Павел Сергеевич")
    make_contact(client_company, "Кольцова Дарья Романовна")
    meeting = make_meeting(client_company, cast, days=1)
    make_meeting(client_company, cast, days=3)
    InteractionContact.objects.create(interaction=meeting, contact=guest)
    make_plan(make_deal(client_company, ("casebook", 14, 18)), goal="Добавить финансы")
    text = page(client, client_company, cast)
    assert "Добавить финансы" in text and "25.11.2026" in text
    assert text.index("Орехов") < text.index("Кольцова"), "who comes stands first"
    assert "Алиев" in text


def test_another_meeting_is_named_by_the_address(client: Client, client_company: Company, cast: Cast) -> None:
    """§6.1.5: from any meeting of the calendar; one of a stranger does not exist."""
    make_meeting(client_company, cast, days=1)
    later = make_meeting(client_company, cast, days=3)
    assert "27.11.2026" in page(client, client_company, cast, f"?meeting={later.public_id}")
    client.force_login(cast.aliev)
    strange = make_meeting(make_company(kam=cast.demin, team=cast.k3), cast)
    for wrong in (strange.public_id, "nonsense"):
        answer = client.get(f"/companies/{client_company.public_id}/brief/?meeting={wrong}")
        assert answer.status_code == 404


def test_promises_and_objections_are_on_the_sheet(
    client: Client, client_company: Company, cast: Cast
) -> None:
    """§2.11: agreements of both sides, open objections; what is settled stays out."""
    talk = make_meeting(client_company, cast, days=-3, state="held")
    for side, text in (("us", "Прислать расчёт"), ("client", "Дать список людей")):
        Agreement.objects.create(
            interaction=talk, company=client_company, side=side, text=text, due_on=T - timedelta(1)
        )
    Agreement.objects.create(interaction=talk, company=client_company, text="Сделано давно", done_at=moment())
    Objection.objects.create(interaction=talk, company=client_company, category="price", text="Дорого")
    Objection.objects.create(
        interaction=talk, company=client_company, category="price", text="Снято", state="handled"
    )
    text = page(client, client_company, cast)
    assert all(words in text for words in ("Прислать расчёт", "Дать список людей", "Дорого"))
    assert "Сделано давно" not in text and "Снято" not in text


def test_a_product_that_nobody_at_the_table_knows_is_named(
    client: Client, client_company: Company, cast: Cast
) -> None:
    """R64: with whom to invite; once an expert comes, the warning goes."""
    make_deal(client_company, ("casebook", 14, 18))
    meeting = make_meeting(client_company, cast, days=1)
    Expertise.objects.create(user=cast.naumov, product=make_product("casebook"))
    assert "никто не разбирается" in page(client, client_company, cast)
    InteractionUser.objects.create(interaction=meeting, user=cast.naumov)
    assert "никто не разбирается" not in page(client, client_company, cast)


@pytest.mark.slow
def test_the_sheet_costs_the_same_with_much_data(
    client: Client, client_company: Company, cast: Cast, query_budget: Callable[..., int]
) -> None:
    """R5: a client of many people and talks."""
    make_meeting(client_company, cast, days=1)
    client.force_login(cast.aliev)

    def look() -> None:
        assert client.get(f"/companies/{client_company.public_id}/brief/").status_code == 200

    def more(n: int) -> None:
        for number in range(n):
            make_contact(client_company, f"Иванов{number} Пётр")
            talk = make_meeting(client_company, cast, days=-number - 1, state="held")
            Agreement.objects.create(interaction=talk, company=client_company, text=f"Обещание {number}")

    query_budget(more, look, at_most=36)
