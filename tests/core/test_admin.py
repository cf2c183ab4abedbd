"""The administrator's site: by roles, with history, without personal contacts."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client

from deals.models import ChecklistItem
from deals.references import seed_checklists
from tests.factories import Cast, make_company, make_contact
from upsell_crm.core import audit
from upsell_crm.core.models import AuditEvent, JobRun, Parameter, RoleAssignment, Team, User
from upsell_crm.core.parameters import DEFAULTS, check_parameter, parameter
from upsell_crm.core.role_backend import PERSONAL
from upsell_crm.core.roles import Role

ClientOf = Callable[[User], Client]
ROLES = {"roles-TOTAL_FORMS": "1", "roles-INITIAL_FORMS": "0", "roles-0-role": Role.KAM}


@pytest.mark.slow
def test_every_list_and_form_opens(cast: Cast, client_of: ClientOf) -> None:
    """Each registered model, as the administrator meets it."""
    client = client_of(cast.admin)
    JobRun.objects.create(job="ranking", kind="manual", business_date="2026-11-24")
    Parameter.objects.create(code="no_contact_days", value=21)
    for model, options in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(address).status_code == 200, address
        if record := model.objects.first():
            assert client.get(f"{address}{record.pk}/change/").status_code == 200, address
        if options.has_add_permission(client.get(address).wsgi_request):
            assert client.get(f"{address}add/").status_code == 200, address


def test_personal_contacts_are_not_there(cast: Cast) -> None:
    """§3: the administrator manages the system and does not see personal contacts."""
    assert not [model for model in admin.site._registry if model._meta.model_name in PERSONAL]
    assert not cast.admin.has_perm("accounts.view_contact")


def test_history_of_contacts_is_hidden_too(cast: Cast, client_of: ClientOf) -> None:
    contact = make_contact(make_company(kam=cast.vetrov), "Тайнов Пётр")
    audit.record("change_contact", contact, by=cast.vetrov)
    audit.record("change_team", cast.k1, by=cast.andreeva)
    page = client_of(cast.admin).get("/admin/core/auditevent/").content.decode()
    assert "change_team" in page and "Тайнов" not in page


def test_a_new_colleague_gets_a_role_and_a_line_of_history(cast: Cast, client_of: ClientOf) -> None:
    """R15, faults G9: nothing is changed here without a trace."""
    form = {
        "username": "novikov",
        "usable_password": "true",
        "password1": "зимний-сад-2026",
        "password2": "зимний-сад-2026",
    }
    answer = client_of(cast.admin).post("/admin/core/user/add/", {**form, **ROLES})
    assert answer.status_code == 302, answer.content.decode()
    person = User.objects.get(username="novikov")
    assert person.has_role(Role.KAM)
    events = dict(AuditEvent.objects.filter(object_id=person.pk).values_list("event", "changes"))
    assert set(events) == {"admin_create_user", "change_roles"} and events["change_roles"] == {
        "roles": ["", "kam"]
    }
    assert "зимний" not in str(events)


def test_a_person_is_blocked_and_not_deleted(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.admin).post(f"/admin/core/user/{cast.vetrov.pk}/delete/").status_code == 403
    assert User.objects.filter(pk=cast.vetrov.pk).exists()


def test_a_team_change_is_in_history(cast: Cast, client_of: ClientOf) -> None:
    address = f"/admin/core/team/{cast.k3.pk}/change/"
    client_of(cast.admin).post(address, {"code": "K3", "name": "Ритейл", "lead": cast.demin.pk})
    assert Team.objects.get(pk=cast.k3.pk).lead == cast.demin
    assert AuditEvent.objects.get(event="admin_change_team").changes["name"] == ["Ритейл и услуги", "Ритейл"]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("no_contact_days", "-1"),
        ("no_contact_days", '"много"'),
        ("offer_max", "600000"),
        ("valid_days", '{"dm": 90}'),
    ],
)
def test_a_parameter_of_the_wrong_kind_is_refused(
    code: str, value: str, cast: Cast, client_of: ClientOf
) -> None:
    answer = client_of(cast.admin).post("/admin/core/parameter/add/", {"code": code, "value": value})
    assert answer.status_code == 200 and "Укажите" in answer.content.decode()
    assert not Parameter.objects.exists()


def test_a_right_parameter_counts_at_once(cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.admin).post("/admin/core/parameter/add/", {"code": "no_contact_days", "value": "21"})
    assert parameter("no_contact_days") == 21


def test_every_default_passes_its_own_check() -> None:
    assert not [code for code, value in DEFAULTS.items() if check_parameter(code, value)]


def test_others_meet_the_one_door(cast: Cast, client_of: ClientOf, client: Client) -> None:
    """A flag in the database opens nothing: the role does."""
    User.objects.filter(pk=cast.belova.pk).update(is_staff=True, is_superuser=True)
    assert client_of(cast.belova).get("/admin/core/user/").status_code == 302
    assert client_of(cast.belova).get("/admin/login/").status_code == 403
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/login/")
    RoleAssignment.objects.create(user=cast.belova, role=Role.ADMIN)
    assert client_of(cast.belova).get("/admin/core/user/").status_code == 200


def test_an_administrator_keeps_the_checklists(cast: Cast, client_of: ClientOf) -> None:
    """R93, R82: words, order and use of an item change in history; its place and code are for ever."""
    client = client_of(cast.admin)
    seed_checklists()
    item = ChecklistItem.objects.get(place="research", code="revenue")
    address = f"/admin/deals/checklistitem/{item.pk}/change/"
    form = {
        "place": "strategy", "code": "other", "text_ru": "Выручка за два года", "text_en": "Revenue of two years",
        "position": item.position, "active": "on", "version": getattr(item, "version", 1),
    }  # fmt: skip
    answer = client.post(address, form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    item.refresh_from_db()
    assert (item.place, item.code, item.text_ru) == ("research", "revenue", "Выручка за два года")
    assert AuditEvent.objects.filter(object_type="deals.checklistitem", object_id=item.pk).exists()
    added = {**form, "place": "strategy", "code": "own", "text_ru": "Своё", "text_en": "Own", "position": 90}
    assert client.post("/admin/deals/checklistitem/add/", added).status_code == 302
    assert ChecklistItem.objects.filter(place="strategy", code="own", active=True).exists()
