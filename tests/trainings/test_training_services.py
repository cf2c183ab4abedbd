"""A training from the plan to its results: who may, what is refused, what it does (R35, R36, §2.9)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import AccountMember, Company, Contact, ContactRole
from accounts.services.anonymisation import anonymise_contact
from tests.factories import Cast, T, make_company, make_contact, make_product, make_user, moment
from tests.trainings.makers import make_results, make_training, refused
from trainings.models import Trainee, Training
from trainings.results_rows import ResultRow
from trainings.services.candidates import confirm_trainee, confirm_trainees, link_trainee, unlink_trainee
from trainings.services.results import enter_results
from trainings.services.trainings import (
    end_training,
    hold_training,
    plan_training,
    replan_training,
    update_training,
)
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, OutboxEvent
from upsell_crm.core.roles import Role


@pytest.fixture
def company(cast: Cast) -> Company:
    """A client of Лисина."""
    return make_company("ООО «Лён»", kam=cast.lisina)


def came(name: str, **values: object) -> ResultRow:
    """A row of somebody who was there."""
    return ResultRow(who="", name=name, attended=True, **values)


def test_a_kam_plans_and_the_tutor_opens_the_card(cast: Cast, company: Company) -> None:
    """§3: the tutor and the CSM get the client with the phones of the invited people alone, for as long as it counts."""
    user, boss = make_contact(company, "Лапина Ирина", role="user"), make_contact(company)
    assert not Company.objects.visible_to(cast.gai).exists()
    training = plan_training(
        by=cast.lisina, company=company, product=make_product(), topic="Поиск дел", starts_at=moment(T + timedelta(3)),
        tutor=cast.gai, csm=cast.moroz, invited=[user],
    )  # fmt: skip
    for colleague in (cast.gai, cast.moroz):
        assert list(Company.objects.visible_to(colleague)) == [company]
        assert list(Contact.objects.visible_to(colleague)) == [user]
        assert list(Training.objects.visible_to(colleague)) == [training]
    assert boss not in Contact.objects.visible_to(cast.gai)
    row = AccountMember.objects.get(user=cast.gai)
    assert (row.via, row.contacts, row.until_on) == ("training", "trainees", T + timedelta(368))
    assert AuditEvent.objects.filter(event="plan_training", company_id=company.pk).exists()


def test_a_cancelled_training_takes_the_card_back(cast: Cast, company: Company) -> None:
    """§3: no training, no card; the undo gives it again."""
    training = plan_training(
        by=cast.lisina, company=company, product=make_product(), topic="Поиск", starts_at=moment(T + timedelta(3)), tutor=cast.gai
    )  # fmt: skip
    with refused("no_reason"):
        end_training(training, to="cancelled", reason=" ", by=cast.lisina)
    end_training(training, to="cancelled", reason="Клиент перенёс", by=cast.lisina)
    assert not Company.objects.visible_to(cast.gai).exists()
    replan_training(training, by=cast.lisina)
    assert training.state == "planned" and Company.objects.visible_to(cast.gai).exists()


def test_another_tutor_takes_over_with_the_card(cast: Cast, company: Company) -> None:
    """§3: rights follow the tutor."""
    other = make_user("levin", "Левин Артём", Role.TUTOR, team=cast.care)
    training = make_training(company, cast.gai, ago=-3)
    update_training(training, {"tutor": other}, by=cast.lisina)
    assert Company.objects.visible_to(other).exists() and not Company.objects.visible_to(cast.gai).exists()
    with refused("not_a_tutor"):
        update_training(training, {"tutor": cast.lisina}, by=cast.lisina)


def test_who_may_plan(cast: Cast, company: Company) -> None:
    """§3: a KAM of another client, a researcher and BackOffice do not plan here."""
    for stranger in (cast.demin, cast.rogov, cast.titova, cast.gai):
        with pytest.raises(NotAllowed):
            plan_training(
                by=stranger, company=company, product=make_product(), topic="Поиск", starts_at=moment(), tutor=cast.gai
            )  # fmt: skip


def test_held_needs_somebody_who_came(cast: Cast, company: Company) -> None:
    """§2.9: at least one attendee, and not before it has begun; a KAM does not record."""
    training = make_training(company, cast.gai, ago=1)
    person = Trainee.objects.create(training=training, name="Лапина Ирина")
    with refused("nobody_came"):
        hold_training(training, came=[], by=cast.gai)
    with pytest.raises(NotAllowed):
        hold_training(training, came=[person], by=cast.lisina)
    ahead = make_training(company, cast.gai, ago=-1)
    with refused("not_begun"):
        hold_training(ahead, came=[person], by=cast.gai)
    hold_training(training, came=[person], by=cast.gai)
    assert training.state == "held" and training.trainees.get().attended
    replan_training(training, by=cast.gai)
    assert training.state == "planned" and not training.trainees.get().attended


def test_results_need_half_of_those_who_came(cast: Cast, company: Company) -> None:
    """§2.9: below half everything is kept and the training stays held, and says how many are missing (R35)."""
    training = make_training(company, cast.gai, ago=1)
    rows = [came("Лапина Ирина", test=Decimal(80)), came("Орехов Павел"), came("Новиков Пётр")]
    entered = enter_results(training, rows, by=cast.gai)
    assert (training.state, entered.missing, training.trainees.count()) == ("held", 1, 3)
    whos = {one.name: str(one.public_id) for one in training.trainees.all()}
    rows[1] = ResultRow(who=whos["Орехов Павел"], name="Орехов Павел", attended=True, reaction=Decimal(5))
    rows = [
        ResultRow(who=whos[row.name], name=row.name, attended=True, test=row.test, reaction=row.reaction)
        for row in rows
    ]
    enter_results(training, rows, by=cast.gai)
    assert training.state == "results" and training.results_at is not None
    enter_results(training, [rows[0], came("Новый Человек"), came("Другой Человек")], by=cast.gai)
    assert training.state == "held" and training.trainees.count() == 3


def test_results_ask_for_the_ranking_of_this_client_alone(cast: Cast, company: Company) -> None:
    """R19: the recalculation of one company is owed in the same transaction."""
    training = make_training(company, cast.gai, ago=1)
    enter_results(training, [came("Лапина Ирина", test=Decimal(80))], by=cast.gai)
    assert OutboxEvent.objects.filter(topic="rank_companies", done_at=None).count() == 1


def test_a_full_name_of_the_client_is_its_contact(cast: Cast, company: Company) -> None:
    """R36: who is known is linked by himself; two namesakes are left to a person."""
    known = make_contact(company, "Лапина Ирина Юрьевна", role="user")
    for _ in range(2):
        make_contact(company, "Орехов Павел Сергеевич", role="user")
    training = make_training(company, cast.gai, ago=1)
    entered = enter_results(
        training, [came("лапина ирина юрьевна"), came("Орехов Павел Сергеевич")], by=cast.gai
    )
    assert list(training.trainees.filter(contact=known).values_list("name", flat=True)) == [""]
    assert entered.candidates == 1


def test_an_unknown_person_becomes_a_user_by_one_step(cast: Cast, company: Company) -> None:
    """R36: a contact with the role «user»; his name stands in the contact alone, his other trainings follow."""
    training, earlier = make_training(company, cast.gai, ago=1), make_training(company, cast.gai, ago=90)
    trainees = [
        Trainee.objects.create(training=one, name="Новиков Пётр Ильич", position="Юрист", email="n@demo.example", attended=True)
        for one in (training, earlier)
    ]  # fmt: skip
    contact = confirm_trainee(trainees[0], by=cast.gai)
    assert (contact.full_name, contact.position, contact.email) == (
        "Новиков Пётр Ильич",
        "Юрист",
        "n@demo.example",
    )
    assert ContactRole.objects.get(contact=contact).role == "user"
    assert set(Trainee.objects.values_list("contact", "name", "email")) == {(contact.pk, "", "")}
    assert contact in Contact.objects.visible_to(cast.gai)
    with refused("confirmed"):
        confirm_trainees(training, list(training.trainees.all()), by=cast.gai)


def test_a_trainee_is_found_to_be_somebody_known(cast: Cast, company: Company) -> None:
    """R36: linked instead of doubled, and the wrong link is taken back."""
    known = make_contact(company, "Новиков Пётр Ильич", role="")
    training = make_training(company, cast.gai, ago=1)
    trainee = Trainee.objects.create(training=training, name="Новиков П.", attended=True)
    with pytest.raises(DomainError):
        link_trainee(trainee, make_contact(make_company(kam=cast.lisina)), by=cast.gai)
    link_trainee(trainee, known, by=cast.gai)
    assert Trainee.objects.get().contact == known and known.roles.get().role == "user"
    unlink_trainee(trainee, by=cast.gai)
    assert (Trainee.objects.get().contact, Trainee.objects.get().name) == (None, "Новиков Пётр Ильич")


def test_who_is_anonymised_leaves_the_lists(cast: Cast, company: Company) -> None:
    """R102: his name in other lists and words is masked, and nobody quotes him any more."""
    contact = make_contact(company, "Новиков Пётр Ильич", role="user")
    training = make_training(company, cast.gai, ago=1, notes="Новиков Пётр спросил про выгрузку")
    Trainee.objects.create(
        training=training, contact=contact, attended=True, comment="Удобно", can_quote=True
    )
    Trainee.objects.create(
        training=training, name="Лапина Ирина", comment="Новиков Пётр Ильич помог разобраться"
    )
    earlier = make_training(company, cast.gai, ago=9)
    Trainee.objects.create(training=earlier, name="Новиков Пётр Ильич")
    anonymise_contact(contact, by=cast.lisina, reason="Письмо № 7")
    texts = " ".join(f"{one.name} {one.comment}" for one in Trainee.objects.all())
    assert "Новиков" not in texts + Training.objects.get(pk=training.pk).notes and "Лапина" in texts
    assert not Trainee.objects.quotable().exists()


def test_the_second_of_two_tutors_sees_the_first(cast: Cast, company: Company) -> None:
    """Faults B1: results over a list that somebody has changed meanwhile are refused."""
    training = make_training(company, cast.gai, ago=1)
    seen = training.version
    enter_results(training, [came("Лапина Ирина")], by=cast.gai)
    with pytest.raises(Stale):
        enter_results(Training.objects.get(), [came("Орехов Павел")], by=cast.gai, version=seen)
    assert training.trainees.get().name == "Лапина Ирина"


def test_what_did_not_take_place_has_no_results(cast: Cast, company: Company) -> None:
    """§2.9: a cancelled training is planned again first; results are never undone to a plan."""
    gone = make_training(company, cast.gai, ago=1, state="cancelled", state_reason="заболел")
    with pytest.raises(IllegalTransition):
        enter_results(gone, [came("Лапина Ирина")], by=cast.gai)
    held = make_results(company, cast.gai, state="held", invited=3, attended=2, activated=1)
    with refused("has_results"):
        replan_training(held, by=cast.gai)
