"""The outcome line in the form: chips fill the ordinary fields, a person has the last word, the text stays as typed."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.forms.outcome_chips import Chip, clean
from accounts.forms.outcome_filling import filled as fill
from accounts.models import (
    Agreement,
    Company,
    Contact,
    FeatureRequest,
    FeatureWait,
    Interaction,
    Objection,
    Task,
)
from tests.accounts.feature_makers import make_feature
from tests.accounts.test_outcome_form import HTMX, filled, url_of
from tests.factories import Cast, make_company, make_contact, make_product
from upsell_crm.core.models import User

ClientOf = Callable[[User], Client]
LINE = "@Орехов !дорого +пилот 20 лиц >КП пт ?интеграция с 1С"
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def meridian(cast: Cast) -> Company:
    for code in ("casebook", "caselook"):
        make_product(code)
    company = make_company("Тёплый Меридиан", kam=cast.lisina)
    make_contact(company, "Орехов Павел Сергеевич")
    make_contact(company, "Зуева Инна Львовна", role="user")
    return company


class Typist:
    """The form as a browser holds it: what a reading answers is what is sent next."""

    def __init__(self, client: Client, company: Company) -> None:
        self.client, self.company = client, company
        self.data = filled(client.get(url_of(company)), next_step="", summary="")
        self.page: Any = None

    def read(self, text: str | None = None, **more: Any) -> dict[str, str]:
        """Type the text, wait for the chips; returns {words of a chip: its state}."""
        if text is not None:
            self.data["summary"] = text
        answer = self.client.post(f"{url_of(self.company)}line/", {**self.data, **more}, headers=HTMX)
        assert answer.status_code == 200
        self.page, self.html = answer.context["page"], answer.content.decode()
        line = self.page.line
        self.data = {name: list(values) for name, values in line.data.lists()}
        self.data |= {
            "line_put": [each.memory for each in line.chips if each.pairs], "line_off": line.off, "line_hand": line.hand,
        }  # fmt: skip
        return {f"{each.chip.sign}{each.chip.text}": each.state for each in line.chips}

    def key(self, sign: str) -> str:
        return next(each.chip.key for each in self.page.line.chips if each.chip.sign == sign)

    def save(self, **more: Any) -> Any:
        return self.client.post(url_of(self.company, "?fresh=1"), {**self.data, **more})


@pytest.fixture
def typist(cast: Cast, meridian: Company, client_of: ClientOf) -> Typist:
    return Typist(client_of(cast.lisina), meridian)


def test_one_line_is_a_whole_outcome_without_scripts(cast: Cast, meridian: Company, typist: Typist) -> None:
    """product.md §1.14, R28–R34: attendee, objection, agreement, task with date, next step, awaited feature."""
    answer = typist.save(summary=LINE)
    assert answer.status_code == 302
    record = Interaction.objects.get()
    assert record.summary == LINE
    assert [str(row.contact) for row in record.client_people.all()] == ["Орехов Павел Сергеевич"]
    assert (record.next_step, record.next_step_on) == ("КП", FRIDAY)
    objection = Objection.objects.get()
    assert (objection.category, objection.text) == ("price", "дорого")
    assert set(Agreement.objects.values_list("text", "due_on")) == {("пилот 20 лиц", None), ("КП", FRIDAY)}
    task = Task.objects.get()
    assert (task.title, task.due_on, task.assignee) == ("КП", FRIDAY, cast.lisina)
    wait = FeatureWait.objects.get()
    assert (wait.feature.title, str(wait.contact)) == ("интеграция с 1С", "Орехов Павел Сергеевич")


def test_the_chips_are_shown_while_typing_and_fill_the_fields(typist: Typist) -> None:
    """The answer brings the chips and only the parts of the form that look otherwise now."""
    assert typist.read(LINE) == {
        "@Орехов П. С.": "on", "!цена": "on", "+пилот 20 лиц": "on", ">КП · Пт 27.11": "on", "?интеграция с 1С": "on",
    }  # fmt: skip
    assert typist.page.form["next_step"].value() == "КП"
    assert typist.page.form["objections"].value() == ["price"]
    assert 'id="outcome-step"' in typist.html
    typist.read()
    assert 'id="outcome-step"' not in typist.html
    assert typist.save().status_code == 302
    assert Task.objects.get().title == "КП"


@pytest.mark.slow
def test_reading_again_takes_the_old_words_back(typist: Typist) -> None:
    """«пилот 2» grows to «пилот 20 лиц»: one row, and none when the words are gone."""
    for text in ("+пил", "+пилот 2", "+пилот 20 лиц >КП"):
        typist.read(text)
    rows = [form["text"].value() for form in typist.page.agreements if form["text"].value()]
    assert rows == ["пилот 20 лиц"]
    typist.read("Поговорили")
    assert not any(form["text"].value() for form in typist.page.agreements)
    assert typist.page.form["next_step"].value() == ""
    assert typist.page.people.total_form_count() == 0
    typist.read("@+Петров >КП пт")
    assert typist.page.people.total_form_count() == 1
    typist.read("КП пт")
    assert typist.page.people.total_form_count() == 0


@pytest.mark.slow
def test_a_removed_chip_does_not_come_back(typist: Typist) -> None:
    """Removed once, it stays removed whatever is typed on; it may be called back."""
    typist.read(LINE)
    states = typist.read(line_drop=typist.key("!"))
    assert states["!цена"] == "off"
    assert typist.page.form["objections"].value() == []
    typist.read(line_drop=typist.key("+"))
    states = typist.read(LINE.replace("20 лиц", "20 лиц на месяц") + " и спасибо")
    assert states["!цена"] == states["+пилот 20 лиц на месяц"] == "off"
    assert typist.read(line_keep="objection:price")["!цена"] == "on"
    typist.data["line_off"] = ["objection:price"]
    typist.save()
    assert not Objection.objects.exists()


def test_what_a_person_changes_in_a_field_stays(typist: Typist) -> None:
    """Corrected in its ordinary field, a chip lets go: neither the next reading nor the save writes over it."""
    typist.read(LINE)
    typist.data |= {"next_step_on": "2026-12-03", "objections": []}
    states = typist.read(LINE + " скоро")
    assert states[">КП · Пт 27.11"] == states["!цена"] == "hand"
    assert typist.page.form["next_step_on"].value() == "2026-12-03"
    typist.save()
    assert Interaction.objects.get().next_step_on == date(2026, 12, 3)
    assert not Objection.objects.exists()


def test_what_was_filled_before_is_not_written_over(typist: Typist) -> None:
    typist.data |= {"next_step": "Встретиться", "competitor": "Иные"}
    states = typist.read(">КП пт !конкурент Гарант")
    assert states == {">КП · Пт 27.11": "hand", "!конкурент Гарант": "on"}
    assert typist.page.form["next_step"].value() == "Встретиться"
    assert typist.page.form["objections"].value() == ["competitor"]
    assert typist.page.form["competitor"].value() == "Иные"


def test_no_step_is_put_beside_the_reason_why_none_is_needed(typist: Typist) -> None:
    """§2.8.9: the person has said that nothing follows, so the line does not make the form contradict itself."""
    typist.data["no_next_step_because"] = "Закрыли вопрос"
    assert typist.read("@Зуева >КП пт")[">КП · Пт 27.11"] == "hand"
    assert typist.save().status_code == 302
    assert not Task.objects.exists()


def test_an_unknown_person_is_a_warning_and_stays_text(meridian: Company, typist: Typist) -> None:
    """Nobody is invented; the save goes on, and «@+» adds a new person."""
    line = "@Сидоров @Зуева @+Ёлкина Анна >КП пт"
    states = typist.read(line)
    assert states["@Сидоров"] == "unbound"
    assert states["@Ёлкина Анна, новый человек"] == "on"
    assert "@+Сидоров" in typist.html
    typist.save()
    record = Interaction.objects.get()
    people = {str(row.contact) for row in record.client_people.all()}
    assert people == {"Зуева Инна Львовна", "Ёлкина Анна"}
    assert record.summary == line
    assert Contact.objects.filter(company=meridian).count() == 3


def test_reactions_budget_rival_and_the_clients_promise(cast: Cast, typist: Typist) -> None:
    """R29, R30, R33 in one line."""
    typist.save(
        summary="@Зуева +2 Casebook удобно -кейслук !конкурент Гарант +клиент даст список до 30.11 >КП пт бюджет 1,2 млн"
    )
    record = Interaction.objects.get()
    said = {(row.product.code, row.reaction, row.text) for row in record.feedback.all()}
    assert said == {("casebook", 2, "удобно"), ("caselook", -1, "")}
    assert (record.competitor, record.budget) == ("Гарант", 1_200_000)
    promise = Agreement.objects.get(side="client")
    assert (promise.text, promise.due_on, promise.task) == ("клиент даст список", date(2026, 11, 30), None)


def test_a_feature_of_the_catalogue_is_found_by_its_words(typist: Typist) -> None:
    """R23: «выгрузка в СЭД» is the «Выгрузка дел в СЭД» that others wait for."""
    feature = make_feature("Выгрузка дел в СЭД")
    make_feature("Выгрузка судебных актов")
    typist.save(summary="@Зуева ?выгрузка в СЭД >КП пт")
    wait = FeatureWait.objects.get()
    assert (wait.feature, wait.quote) == (feature, "выгрузка в СЭД")
    assert FeatureRequest.objects.count() == 2


def test_a_plan_takes_only_people_from_the_line(typist: Typist) -> None:
    """Nothing has been said yet at a meeting that lies ahead."""
    typist.data["starts_at"] = "2026-12-15T11:00"
    assert list(typist.read(LINE)) == ["@Орехов П. С."]
    assert typist.save().status_code == 302
    assert not Objection.objects.exists()
    assert not Task.objects.exists()


def test_the_draft_keeps_text_chips_and_decisions(cast: Cast, meridian: Company, typist: Typist) -> None:
    """Faults A8: after a reload the same chips are on and off."""
    typist.read(LINE)
    before = typist.read(line_drop="objection:price")
    typist.client.post(f"/drafts/log_interaction:{meridian.public_id}/", typist.data)
    page = typist.client.get(url_of(meridian)).context["page"]
    assert page.is_restored
    assert {f"{each.chip.sign}{each.chip.text}": each.state for each in page.line.chips} == before


@pytest.mark.slow
def test_a_reading_costs_the_same_with_more_people(
    meridian: Company, typist: Typist, query_budget: Callable[..., int]
) -> None:
    def add(number: int) -> None:
        for _each in range(number):
            make_contact(meridian)
            make_feature(f"Функция {FeatureRequest.objects.count()}")

    query_budget(add, lambda: typist.read(LINE), at_most=20)


def test_a_tampered_memory_cannot_touch_other_fields(typist: Typist) -> None:
    """`line_put` comes from the browser: only fields of the line are taken back, nonsense is passed over."""
    typist.data["line_put"] = [
        json.dumps(["x:", [["client_id", str(typist.data["client_id"])]]]), "[", '["a"]', "null", '[1, [["tags", 2]]]',
        json.dumps(["y:", [["agreements-TOTAL_FORMS", "1"]]]), json.dumps(["z:", [["people-999-name", ""]]]),
    ]  # fmt: skip
    typist.read(LINE)
    assert typist.save().status_code == 302


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=300)
SIGNED = st.lists(
    st.sampled_from(["@", "!", "+", ">", "?", "-", "Орехов", "дорого", "Casebook", "бюджет 5 млн", "пт", "12.12",
                     "31.02", "😀", "\n", "ё" * 200, "конкурент Икс", "договорились", "999999999999 млрд", "\u202e"]), max_size=30,
).map(" ".join)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "@ ! + > ?", "😀" * 50, "+" + "ё" * 900 + " 12.12", "@" + "Щ" * 400, ">31.02 пт\n>вт\n" * 15, "бюджет 999999999999 млрд",
        "+пилот " * 40, "!конкурент " + "Икс" * 80, "\u202e@Орехов\u0007!дорого", "?" + "выгрузка " * 60, "@+Новый " * 30,
    ],
)  # fmt: skip
def test_no_reading_blocks_the_save(cast: Cast, meridian: Company, client_of: ClientOf, text: str) -> None:
    """Bar of the issue: too long, too many, too odd; the record is made and the text is as typed."""
    check_saved(text, meridian, client_of(cast.lisina))


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS | SIGNED)
def test_any_text_is_saved_as_it_was_typed(
    text: str, cast: Cast, meridian: Company, client_of: ClientOf
) -> None:
    """Bar of the issue: a wrong parse never blocks the save and never changes a character."""
    check_saved(text, meridian, client_of(cast.lisina))


def check_saved(text: str, meridian: Company, client: Client) -> None:
    typist = Typist(client, meridian)
    ticked = [str(Contact.objects.filter(company=meridian).earliest("id").public_id)]
    answer = typist.save(summary=text + " итог", attendees=ticked, next_step="Позвонить")
    assert answer.status_code == 302, answer.context["form"].errors
    assert Interaction.objects.latest("id").summary == (text + " итог").strip()


FIELDS = st.sampled_from(["next_step", "agreements-0-text", "objections", "people-0-name", "competitor"])


@given(
    typed=st.dictionaries(FIELDS, st.lists(st.sampled_from(["", "а", "б"]), min_size=1, max_size=2)),
    chips=st.lists(st.sampled_from([
        Chip("step:", ">", "а", values={"next_step": "а"}, row=("agreements", {"text": "а", "who": ""})),
        Chip("agreement:б", "+", "б", row=("agreements", {"text": "б"})),
        Chip("objection:а", "!", "а", ticks={"objections": "а"}, soft={"objection_а": "в"}),
        Chip("new:а", "@", "а", row=("people", {"name": "а"})),
        Chip("rival:а", "!", "а", values={"competitor": "а"}),
    ]), unique_by=lambda chip: chip.key),
)  # fmt: skip
def test_reading_twice_is_reading_once(typed: dict[str, list[str]], chips: list[Chip]) -> None:
    """The answer of a reading, sent again with its memory, gives the same fields; without chips all is as before."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, list(dict.fromkeys(values)) if name == "objections" else values[:1])
    data["agreements-TOTAL_FORMS"], data["people-TOTAL_FORMS"] = "1", "1"
    once = fill(data, chips, {})
    again = remembered(once)
    twice = fill(again, chips, {})
    assert said_in(twice.data) == said_in(once.data)
    assert [each.state for each in twice.chips] == [each.state for each in once.chips]
    assert said_in(fill(again, [], {}).data) == said_in(data)


def remembered(answer: Any) -> QueryDict:
    data: QueryDict = answer.data.copy()
    data.setlist("line_put", [each.memory for each in answer.chips if each.pairs])
    data.setlist("line_hand", answer.hand)
    return data


def said_in(data: QueryDict) -> dict[str, list[str]]:
    """The filled fields, in any order."""
    return {
        name: sorted(filter(None, values)) for name, values in data.lists() if any(values) and "TOTAL" not in name
        and not name.startswith("line_")
    }  # fmt: skip


def test_clean_makes_one_line() -> None:
    """What goes into an input of one line survives the browser unchanged."""
    assert clean("  а\n\tб\x00\u202eв  ", 10) == "а б в"
