"""People of the client: accounts/services/contacts.py, contact_roles.py and anonymisation.py."""

import json
from datetime import date

import pytest
from django.apps import apps
from django.db import models

from accounts.enums import ContactState, DecisionRole, LinkKind, SetBy
from accounts.models import (
    Agreement,
    Contact,
    ContactStrength,
    FactCheck,
    ImportChange,
    ImportRun,
    Interaction,
    InteractionContact,
)
from accounts.services.anonymisation import MASK, anonymise_contact, scrubber
from accounts.services.contact_roles import (
    end_contact_role,
    link_contacts,
    save_contact_role,
    set_strength,
    unlink_contacts,
)
from accounts.services.contacts import add_contact, mark_contact_left, update_contact
from tests.factories import Cast, T, make_company, make_contact, moment
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, Draft


def test_a_phone_typed_in_any_way_is_kept_in_one(cast: Cast) -> None:
    company = make_company(kam=cast.vetrov)
    contact = add_contact(company, by=cast.vetrov, last_name="Орехов", phone="8 (495) 123-45-67")
    assert contact.phone == "+74951234567"
    with pytest.raises(DomainError) as refusal:
        update_contact(contact, {"phone": "12"}, by=cast.vetrov)
    assert "phone" in refusal.value.errors


def test_a_new_position_is_found_and_stands_in_history(cast: Cast) -> None:
    contact = make_contact(make_company(kam=cast.vetrov))
    update_contact(contact, {"position": "Директор по правовым вопросам"}, by=cast.vetrov, version=1)
    assert Contact.objects.matching("правовым орехов").get() == contact
    assert (
        AuditEvent.objects.get(event="update_contact").changes["position"][1]
        == "Директор по правовым вопросам"
    )


def test_two_editors_of_one_person(cast: Cast) -> None:
    contact = make_contact(make_company(kam=cast.vetrov))
    update_contact(Contact.objects.get(pk=contact.pk), {"position": "Юрист"}, by=cast.rogov, version=1)
    with pytest.raises(Stale):
        update_contact(contact, {"position": "Директор"}, by=cast.vetrov, version=1)


def test_a_stranger_may_not_edit_people(cast: Cast) -> None:
    company = make_company(kam=cast.vetrov)
    with pytest.raises(NotAllowed):
        add_contact(company, by=cast.aliev, last_name="Чужой")


def test_who_has_left_keeps_his_past_and_loses_his_roles(cast: Cast) -> None:
    """R47: marked as left with the date and the new employer; the fact counts as changed."""
    company, other = make_company(kam=cast.vetrov), make_company(kam=cast.lisina)
    contact = make_contact(company)
    mark_contact_left(contact, left_on=date(2026, 11, 20), moved_to=other, by=cast.vetrov)
    contact.refresh_from_db()
    assert (contact.state, contact.left_on, contact.moved_to) == (
        ContactState.LEFT,
        date(2026, 11, 20),
        other,
    )
    assert contact.roles.get().valid_to == date(2026, 11, 20)
    assert FactCheck.objects.get(contact=contact).result == "changed"
    with pytest.raises(DomainError):
        mark_contact_left(make_contact(company, "Иванов Пётр"), left_on=date(2026, 11, 25), by=cast.vetrov)


def test_several_roles_each_once(cast: Cast) -> None:
    """R34: eight roles, several allowed, per company."""
    contact = make_contact(make_company(kam=cast.vetrov), role="")
    for role in DecisionRole.values:
        save_contact_role(contact, role, by=cast.vetrov, influence=4)
    changed = save_contact_role(
        contact, DecisionRole.DM, by=cast.vetrov, influence=5, attitude=2, is_key=True
    )
    assert contact.roles.count() == 8
    assert AuditEvent.objects.filter(event="save_contact_role", object_id=changed.pk).first().changes[
        "influence"
    ] == [4, 5]
    end_contact_role(changed, by=cast.vetrov)
    assert contact.roles.filter(valid_to=None).count() == 7


def test_influence_out_of_scale_is_refused(cast: Cast) -> None:
    contact = make_contact(make_company(kam=cast.vetrov), role="")
    with pytest.raises(DomainError):
        save_contact_role(contact, DecisionRole.DM, by=cast.vetrov, influence=6)


def test_strength_by_hand(cast: Cast) -> None:
    """§2.6: 5 only by hand."""
    contact = make_contact(make_company(kam=cast.vetrov))
    set_strength(contact, cast.lisina, 5, by=cast.vetrov)
    strength = ContactStrength.objects.get()
    assert (strength.level, strength.set_by, strength.as_of) == (5, SetBy.MANUAL, T)
    with pytest.raises(DomainError):
        set_strength(contact, cast.lisina, 6, by=cast.vetrov)


def test_one_superior_and_no_circle(cast: Cast) -> None:
    """§2.1 ContactLink: no self link, one «reports to» per person."""
    company = make_company(kam=cast.vetrov)
    a, b, c = (make_contact(company, name, role="") for name in ("Ан", "Бо", "Ви"))
    link_contacts(a, b, LinkKind.REPORTS_TO, by=cast.vetrov)
    link_contacts(a, c, LinkKind.REPORTS_TO, by=cast.vetrov)
    assert a.links.get().to_contact == c
    link_contacts(c, b, LinkKind.REPORTS_TO, by=cast.vetrov)
    for person, other in ((b, a), (a, a)):
        with pytest.raises(DomainError):
            link_contacts(person, other, LinkKind.REPORTS_TO, by=cast.vetrov)
    unlink_contacts(a.links.get(), by=cast.vetrov)
    assert not a.links.exists()


def every_text() -> str:
    """Everything that the database holds as text, in one heap."""
    heap = []
    for model in apps.get_models():
        texts = [
            f.attname
            for f in model._meta.concrete_fields
            if isinstance(f, models.CharField | models.TextField)
        ]
        jsons = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.JSONField)]
        for row in model._base_manager.order_by("pk").values(*texts, *jsons):
            heap += [str(row[name]) for name in texts] + [
                json.dumps(row[name], ensure_ascii=False) for name in jsons
            ]
    return "\n".join(heap)


def test_an_anonymised_person_is_found_nowhere(cast: Cast) -> None:
    """R102: no name, phone or e-mail anywhere incl. history, drafts and imports; the statistics stay."""
    company = make_company(kam=cast.vetrov)
    contact = make_contact(
        company,
        "Кречетов Фёдор Ильич",
        phone="+74951112233",
        email="f.krechetov@client.example",
        position="Директор",
    )
    update_contact(contact, {"position": "Вице-президент"}, by=cast.vetrov)
    talk = Interaction.objects.create(
        company=company, starts_at=moment(T), author=cast.vetrov,
        summary="Кречетов Ф. И. согласен, звонить Кречетову на 8 (495) 111-22-33", next_step="Письмо Фёдору Ильичу",
    )  # fmt: skip
    InteractionContact.objects.create(interaction=talk, contact=contact)
    Agreement.objects.create(
        interaction=talk, company=company, text="Отправить КП на F.Krechetov@client.example"
    )
    set_strength(contact, cast.vetrov, 4, by=cast.vetrov)
    Draft.objects.create(user=cast.vetrov, key=f"contact:{contact.public_id}", data={"last_name": "Кречетов"})
    Draft.objects.create(
        user=cast.rogov, key="log", data={"summary": "Был Федор Кречетов", "rows": [["Кречетовым"]]}
    )
    run = ImportRun.objects.create(kind="contacts", file_name="x.csv", file_sha256="0" * 64)
    ImportChange.objects.create(
        run=run,
        row=2,
        object_type="accounts.contact",
        object_id=contact.pk,
        action="created",
        after={"last_name": "Кречетов"},
    )
    anonymise_contact(contact, by=cast.vetrov, reason="Письмо Кречетова от 20.11.2026")
    heap = every_text().lower().replace("ё", "е")
    for trace in ("кречетов", "федор", "krechetov", "1112233", "111-22-33", "74951112233", "ильич"):
        assert trace not in heap, trace
    talk.refresh_from_db()
    assert "согласен, звонить" in talk.summary and MASK in talk.summary
    assert talk.client_people.count() == 1 and ContactStrength.objects.get().level == 4
    assert contact.roles.count() == 1
    with pytest.raises(DomainError):
        update_contact(Contact.objects.get(pk=contact.pk), {"last_name": "Кречетов"}, by=cast.vetrov)


def test_a_namesake_keeps_his_name(cast: Cast) -> None:
    """R102: only the person who asked disappears."""
    company = make_company(kam=cast.vetrov)
    one = make_contact(company, "Орехов Павел Сергеевич")
    make_contact(company, "Орехов Иван Петрович")
    scrub = scrubber(one)
    assert scrub("Орехов Иван и Орехов П. С.") == f"Орехов Иван и {MASK}"


def test_anonymising_needs_a_reason_and_a_right(cast: Cast) -> None:
    contact = make_contact(make_company(kam=cast.vetrov))
    with pytest.raises(DomainError):
        anonymise_contact(contact, by=cast.vetrov, reason="")
    with pytest.raises(NotAllowed):
        anonymise_contact(contact, by=cast.titova, reason="Письмо")
