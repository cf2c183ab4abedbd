"""The tab «Контакты» and its forms (R34, R102, §3)."""

import pytest
from django.test import Client

from accounts.models import AccountMember, Company, Contact, ContactLink, ContactStrength
from tests.factories import Cast, T, make_company, make_contact
from upsell_crm.core.models import Draft, ExportLog

PHONE = "+74951234567"


def tab(client: Client, company: Company, **asked: str) -> str:
    return client.get(f"{company.get_absolute_url()}contacts/", asked).content.decode()


@pytest.mark.slow
def test_phones_are_for_who_may_see_them(cast: Cast, client_of) -> None:
    """§3: out of right = absent, not masked; the list that was seen is logged."""
    company = make_company(kam=cast.vetrov)
    make_contact(company, phone=PHONE, email="p.orehov@client.example", position="Директор")
    assert f"tel:{PHONE}" in tab(client_of(cast.vetrov), company)
    log = ExportLog.objects.get()
    assert (log.user, log.kind, log.rows) == (cast.vetrov, "contact_list", 1)
    for stranger in (cast.titova, cast.admin, cast.sokolova, cast.kim):
        shown = tab(client_of(stranger), company)
        assert "Директор" in shown and PHONE not in shown and "client.example" not in shown
    assert ExportLog.objects.count() == 1


def test_a_phone_is_not_found_by_who_may_not_see_it(cast: Cast, client_of) -> None:
    """The search is no back door."""
    company = make_company(kam=cast.vetrov)
    make_contact(company, "Орехов Павел", phone=PHONE)
    for asked, found in (("4951234567", False), ("орехов", True)):
        assert ("Орехов Павел" in tab(client_of(cast.titova), company, q=asked)) is found
    assert "Орехов Павел" in tab(client_of(cast.vetrov), company, q="4951234567")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [({}, {"Орехов", "Юрьева"}), ({"state": "left"}, {"Ушлый"}), ({"state": "all"}, {"Орехов", "Юрьева", "Ушлый"}),
     ({"role": "lawyer"}, {"Юрьева"}), ({"q": "юрьева"}, {"Юрьева"})],
)  # fmt: skip
def test_the_list_is_filtered(cast: Cast, client_of, asked: dict, expected: set) -> None:
    company = make_company(kam=cast.vetrov)
    make_contact(company, "Орехов Павел")
    make_contact(company, "Юрьева Анна", role="lawyer")
    make_contact(company, "Ушлый Пётр", state="left")
    page = client_of(cast.vetrov).get(f"{company.get_absolute_url()}contacts/", asked).context["page"]
    assert {person.last_name for person in page.rows} == expected


def test_a_person_and_his_role_in_one_save(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    Draft.objects.create(
        user=cast.vetrov, key=f"contact:new:{company.public_id}", data={"last_name": ["Недописанный"]}
    )
    client, url = client_of(cast.vetrov), f"{company.get_absolute_url()}contacts/new/"
    restored = client.get(url).content.decode()
    assert "Недописанный" in restored and "fresh=1" in restored
    assert "Недописанный" not in client.get(url, {"fresh": "1"}).content.decode()
    fields = {"last_name": "Орехов", "first_name": "Павел", "phone": "8 495 123-45-67", "role": "dm",
              "state": "active", "consent_mailing": "unknown"}  # fmt: skip
    assert client.post(url, fields).status_code == 302
    contact = Contact.objects.get()
    assert (contact.phone, contact.roles.get().role) == (PHONE, "dm")
    assert not Draft.objects.exists()


def test_a_wrong_phone_stands_beside_its_field(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    fields = {"last_name": "Орехов", "phone": "12", "state": "active", "consent_mailing": "unknown"}
    answer = client_of(cast.vetrov).post(f"{company.get_absolute_url()}contacts/new/", fields)
    assert answer.status_code == 422 and answer.context["form"].errors["phone"]
    assert "Орехов" in answer.content.decode() and not Contact.objects.exists()


def test_a_person_who_is_known_already_is_pointed_at(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    make_contact(company, "Орехов Павел", phone=PHONE, email="p@client.example")
    url = f"{company.get_absolute_url()}contacts/similar/"
    for asked in ({"last_name": "Орехов"}, {"phone": "8(495)123 45 67"}, {"email": "P@client.example"}):
        assert "Орехов Павел" in client_of(cast.vetrov).get(url, asked).content.decode()
    assert "Орехов" not in client_of(cast.vetrov).get(url, {"last_name": "Орлов"}).content.decode()


def test_who_may_edit_but_not_see_keeps_the_phone(cast: Cast, client_of) -> None:
    """A form without a field does not empty it."""
    company = make_company(kam=cast.vetrov)
    contact = make_contact(company, phone=PHONE)
    client = client_of(cast.vetrov)
    fields = {"last_name": "Орехов", "position": "Директор", "state": "active", "consent_mailing": "yes",
              "phone": PHONE, "version": 1}  # fmt: skip
    assert client.post(f"/contacts/{contact.public_id}/edit/", fields).status_code == 302
    contact.refresh_from_db()
    assert (contact.phone, contact.position, contact.consent_mailing) == (PHONE, "Директор", "yes")


def test_a_stale_form_of_a_person_shows_both_texts(cast: Cast, client_of) -> None:
    contact = make_contact(make_company(kam=cast.vetrov), position="Юрист")
    url = f"/contacts/{contact.public_id}/edit/"
    fields = {"last_name": "Орехов", "state": "active", "consent_mailing": "unknown", "version": 1}
    client_of(cast.belova).post(url, {**fields, "position": "Начальник отдела"})
    answer = client_of(cast.vetrov).post(url, {**fields, "position": "Директор"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Начальник отдела" in shown and "Директор" in shown


def test_left_with_a_date_and_the_new_employer(cast: Cast, client_of) -> None:
    """R47."""
    company, other = make_company(kam=cast.vetrov), make_company("АО «Новая работа»", kam=cast.vetrov)
    contact = make_contact(company)
    fields = {"left_on": "2026-11-20", "moved_to": other.inn, "version": 1}
    assert client_of(cast.vetrov).post(f"/contacts/{contact.public_id}/left/", fields).status_code == 302
    contact.refresh_from_db()
    assert (contact.state, contact.moved_to) == ("left", other)
    assert "Новая работа" in tab(client_of(cast.vetrov), company, state="left")


def test_roles_strength_and_relations_by_hand(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    person, chief = make_contact(company, "Орехов Павел"), make_contact(company, "Главный Олег")
    client, url = client_of(cast.vetrov), f"/contacts/{person.public_id}/"
    client.post(f"{url}role/", {"role": "dm", "influence": 5, "attitude": -1})
    client.post(f"{url}strength/", {"user": cast.lisina.pk, "level": 4})
    client.post(f"{url}relation/", {"kind": "reports_to", "to_contact": chief.pk})
    assert person.roles.get().attitude == -1 and ContactStrength.objects.get().level == 4
    drawn = client.get(f"{company.get_absolute_url()}contacts/map/").content.decode()
    assert "Орехов П." in drawn and "map-line--reports_to" in drawn and "map-box--bad" in drawn
    client.post(f"/contact-roles/{person.roles.get().public_id}/end/")
    client.post(f"/contact-relations/{ContactLink.objects.get().pk}/remove/")
    assert person.roles.get().valid_to == T and not ContactLink.objects.exists()


def test_a_relation_that_bites_its_tail_is_explained(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    person, chief = make_contact(company, "Орехов Павел"), make_contact(company, "Главный Олег")
    ContactLink.objects.create(from_contact=chief, to_contact=person, kind="reports_to")
    fields = {"kind": "reports_to", "to_contact": chief.pk}
    answer = client_of(cast.vetrov).post(f"/contacts/{person.public_id}/relation/", fields)
    assert answer.status_code == 422 and answer.context["form"].errors["to_contact"]


@pytest.mark.slow
def test_anonymised_for_good_from_the_page(cast: Cast, client_of) -> None:
    """R102."""
    company = make_company(kam=cast.vetrov)
    contact = make_contact(company, "Кречетов Фёдор", phone=PHONE)
    client = client_of(cast.vetrov)
    assert client.post(f"/contacts/{contact.public_id}/anonymise/", {"reason": ""}).status_code == 422
    client.post(f"/contacts/{contact.public_id}/anonymise/", {"reason": "Письмо № 5", "version": 1})
    for page in ("contacts/", "history/", "people/", "brief/"):
        shown = client.get(f"{company.get_absolute_url()}{page}").content.decode()
        assert "Кречетов" not in shown and PHONE not in shown


def test_a_member_of_a_deal_sees_the_phones_of_key_deciders_only(cast: Cast, client_of) -> None:
    """§3 «no contacts beyond those of the deal», §2.8.13; the view of his list is logged."""
    company = make_company(kam=cast.vetrov)
    make_contact(company, "Орехов Павел", phone=PHONE)
    make_contact(company, "Рядовой Пётр", role="user", phone="+74951112233")
    member = AccountMember(
        company=company, user=cast.aliev, role="kam", via="deal", contacts="key", since_on=T
    )
    member.save()
    page = client_of(cast.aliev).get(f"{company.get_absolute_url()}contacts/").content.decode()
    assert PHONE in page and "Рядовой" in page and "+74951112233" not in page
    assert ExportLog.objects.get(user=cast.aliev).rows == 1
    member.contacts = "none"
    member.save()
    page = client_of(cast.aliev).get(f"{company.get_absolute_url()}contacts/").content.decode()
    assert PHONE not in page and ExportLog.objects.count() == 1


def test_the_phones_of_a_next_page_are_logged_too(cast: Cast, client_of) -> None:
    """§3: each view of a phone list is in the log, also one that htmx has fetched."""
    company = make_company(kam=cast.vetrov)
    make_contact(company, phone=PHONE)
    client_of(cast.vetrov).get(f"{company.get_absolute_url()}contacts/", headers={"HX-Request": "true"})
    assert ExportLog.objects.get().rows == 1
