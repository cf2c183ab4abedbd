"""What must never be possible (domain.md §2.8) is held by the database itself: every named constraint is attacked.

The attacks go past forms, services and `full_clean`, straight at the tables, on the engine the suite runs on.
"""

from copy import copy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F

from accounts.models import (
    AccountMember,
    Agreement,
    Company,
    CompanyYear,
    Contact,
    ContactLink,
    ContactRole,
    ContactStrength,
    Contract,
    CourtLoad,
    Debt,
    Department,
    DepartmentInterest,
    Expertise,
    FactCheck,
    FeatureRequest,
    FeatureWait,
    ImportMapping,
    Interaction,
    InteractionContact,
    InteractionDepartment,
    InteractionUser,
    LeadMedian,
    LeadTime,
    LicenceLine,
    Payment,
    PotentialEstimate,
    ProcurementProfile,
    ProcurementType,
    Product,
    ProductFeedback,
    Task,
    UsageSnapshot,
)
from tests.factories import Cast, T, make_company, make_contact, make_contract, make_product, moment
from upsell_crm.core.ids import uuid7

Model = type[models.Model]
YESTERDAY = T - timedelta(days=1)

# A record that breaks a rule by itself: constraint → (model, values that no row may have).
FORBIDDEN_VALUES: dict[str, tuple[Model, dict[str, Any]]] = {
    "company_not_its_own_parent": (Company, {"parent_id": F("id")}),
    "company_regime_known": (Company, {"regime": "fz999"}),
    "company_legal_state_known": (Company, {"legal_state": "asleep"}),
    "company_year_revenue_not_negative": (CompanyYear, {"revenue": -1}),
    "court_load_parts_within_total": (CourtLoad, {"cases_12m": 10, "as_plaintiff": 6, "as_defendant": 5}),
    "department_interest_level_0_3": (DepartmentInterest, {"level": 4}),
    "account_member_dates_in_order": (AccountMember, {"since_on": T, "until_on": YESTERDAY}),
    "contact_state_known": (Contact, {"state": "away"}),
    "contact_left_on_only_if_left": (Contact, {"state": "active", "left_on": T}),
    "contact_role_influence_1_5": (ContactRole, {"influence": 6}),
    "contact_role_attitude_2": (ContactRole, {"attitude": -3}),
    "contact_role_known": (ContactRole, {"role": "king"}),
    "contact_role_dates_in_order": (ContactRole, {"valid_from": T, "valid_to": YESTERDAY}),
    "contact_link_not_to_self": (ContactLink, {"to_contact_id": F("from_contact_id")}),
    "contact_strength_level_0_5": (ContactStrength, {"level": 6}),
    "contract_dates_in_order": (Contract, {"start_date": T, "end_date": YESTERDAY}),
    "contract_active_is_signed_or_paid": (Contract, {"status": "active", "signed_on": None, "paid_on": T}),
    "contract_order_and_addendum_have_parent": (Contract, {"form": "order"}),
    "contract_terminated_has_date": (Contract, {"status": "terminated", "terminated_on": None}),
    "contract_not_its_own_successor": (Contract, {"renews_id": F("id")}),
    "contract_amount_not_negative": (Contract, {"amount": -1}),
    "contract_status_known": (Contract, {"status": "lost"}),
    "contract_form_known": (Contract, {"form": "handshake"}),
    "contract_notice_within_two_years": (Contract, {"auto_renew_notice_days": 731}),
    "licence_seats_positive": (LicenceLine, {"seats": 0}),
    "licence_dates_in_order": (LicenceLine, {"start_date": T, "end_date": YESTERDAY}),
    "licence_amount_not_negative": (LicenceLine, {"amount": -1}),
    "licence_kind_known": (LicenceLine, {"kind": "loan"}),
    "payment_amount_positive": (Payment, {"amount": 0}),
    "debt_amount_not_negative": (Debt, {"amount": -1}),
    "fact_check_contact_only_for_dm": (FactCheck, {"fact": "revenue"}),
    "feature_released_has_date": (FeatureRequest, {"status": "released", "released_on": None}),
    "feature_status_known": (FeatureRequest, {"status": "dreamt"}),
    "feature_wait_presented_first": (FeatureWait, {"response": "positive", "presented_on": None}),
    "feature_wait_importance_1_3": (FeatureWait, {"importance": 4}),
    "interaction_state_known": (Interaction, {"state": "dreamt"}),
    "interaction_kind_known": (Interaction, {"kind": "pigeon"}),
    "interaction_department_level_0_3": (InteractionDepartment, {"level": 4}),
    "feedback_reaction_2": (ProductFeedback, {"reaction": 3}),
    "procurement_type_days_within_250": (ProcurementType, {"lead_bd": 251}),
    "procurement_type_ease_0_1": (ProcurementType, {"ease": Decimal("1.01")}),
    "procurement_days_within_250": (ProcurementProfile, {"approval_bd_override": 251}),
    "procurement_budget_month_1_12": (ProcurementProfile, {"budget_month": 13}),
    "procurement_policy_known": (ProcurementProfile, {"invoice_offer_policy": "maybe"}),
    "lead_time_dates_in_order": (LeadTime, {"started_on": T, "finished_on": YESTERDAY}),
    "product_price_not_negative": (Product, {"list_price_year": -1}),
    "task_done_has_result": (Task, {"state": "done", "actual_result": ""}),
    "task_state_known": (Task, {"state": "someday"}),
}

# A second record with the same key: constraint → (model, what else must differ so that only this rule is hit).
REPEATED_KEYS: dict[str, tuple[Model, dict[str, Any]]] = {
    "company_inn_kpp_once": (Company, {"external_id": "other"}),
    "company_external_id_once": (Company, {"inn": ""}),
    "company_year_once": (CompanyYear, {}),
    "court_load_once_a_day": (CourtLoad, {}),
    "lead_median_once_a_day": (LeadMedian, {}),
    "department_name_once": (Department, {}),
    "account_member_once": (AccountMember, {}),
    "account_member_once_by_training": (AccountMember, {"until_on": T}),
    "contact_external_id_once": (Contact, {}),
    "contact_role_once": (ContactRole, {}),
    "contact_link_once": (ContactLink, {}),
    "contact_link_one_manager": (ContactLink, {}),
    "contact_strength_once": (ContactStrength, {}),
    "contract_one_active_successor": (Contract, {"number": "другой", "external_id": ""}),
    "contract_external_id_once": (Contract, {"number": "другой", "renews": None}),
    "contract_number_once_per_company": (Contract, {"external_id": "", "renews": None}),
    "contract_order_number_once_per_framework": (Contract, {}),
    "feature_title_once_per_product": (FeatureRequest, {}),
    "feature_wait_once": (FeatureWait, {}),
    "import_mapping_once": (ImportMapping, {}),
    "interaction_contact_once": (InteractionContact, {}),
    "interaction_user_once": (InteractionUser, {}),
    "interaction_department_once": (InteractionDepartment, {}),
    "feedback_once_per_product": (ProductFeedback, {}),
    "expertise_once": (Expertise, {}),
    "usage_once_a_day": (UsageSnapshot, {}),
    "estimate_once_per_product": (PotentialEstimate, {}),
}


@pytest.fixture
def records(cast: Cast) -> dict[Model, models.Model]:
    """One valid record of every kind that has a rule."""
    product = make_product()
    kind = ProcurementType.objects.create(
        code="direct", name_ru="Прямой", name_en="Direct", approval_bd=15, lead_bd=0
    )
    company = make_company(kam=cast.lisina, source="old", external_id="c-1")
    contact = make_contact(company, source="old", external_id="p-1")
    other = make_contact(company, "Лагутин Лев", role="")
    department = Department.objects.create(company=company, name="Юристы")
    earlier = make_contract(company, end_date=YESTERDAY, start_date=T - timedelta(days=365))
    contract = make_contract(company, ("casebook", 5), renews=earlier, source="1c", external_id="k-1")
    talk = Interaction.objects.create(company=company, starts_at=moment(), author=cast.lisina)
    feature = FeatureRequest.objects.create(title="API", product=product)
    made: list[models.Model] = [
        product, kind, company, contact, department, contract, talk, feature, contract.lines.get(),
        ContactRole.objects.get(contact=contact),
        CompanyYear.objects.create(company=company, year=2025, revenue=1, as_of=T),
        CourtLoad.objects.create(company=company, as_of=T, cases_12m=10),
        DepartmentInterest.objects.create(department=department, product=product, level=1, as_of=T),
        AccountMember.objects.create(company=company, user=cast.gai, role="tutor", since_on=T),
        ContactLink.objects.create(from_contact=contact, to_contact=other, kind="reports_to"),
        ContactStrength.objects.create(contact=contact, user=cast.lisina, level=3, as_of=T),
        Payment.objects.create(contract=contract, external_id="п-1", amount=1, paid_on=T),
        Debt.objects.create(company=company, amount=1, as_of=T),
        FactCheck.objects.create(company=company, fact="dm", contact=contact, result="confirmed", checked_at=moment(), checked_by=cast.lisina),
        FeatureWait.objects.create(feature=feature, company=company),
        ImportMapping.objects.create(kind="companies", fingerprint="f", source="old"),
        InteractionContact.objects.create(interaction=talk, contact=contact),
        InteractionUser.objects.create(interaction=talk, user=cast.lisina),
        InteractionDepartment.objects.create(interaction=talk, department=department, level=2),
        ProductFeedback.objects.create(interaction=talk, product=product, reaction=1),
        ProcurementProfile.objects.create(company=company, default_type=kind),
        LeadTime.objects.create(company=company, type=kind, kind="approval", started_on=YESTERDAY, finished_on=T, working_days=1),
        LeadMedian.objects.create(as_of=T, type=kind, regime="fz223", segment="M", kind="approval", working_days=9),
        Task.objects.create(company=company, title="Позвонить", assignee=cast.lisina, due_on=T),
        UsageSnapshot.objects.create(company=company, product=product, as_of=T, active_users_30d=1),
        PotentialEstimate.objects.create(company=company, product=product, target_seats=9),
        Expertise.objects.create(user=cast.lisina, product=product),
        Agreement.objects.create(interaction=talk, company=company, text="Прислать"),
    ]  # fmt: skip
    return {type(record): record for record in made}


@pytest.mark.parametrize("name", sorted(FORBIDDEN_VALUES))
def test_the_database_refuses_a_forbidden_value(records: dict[Model, models.Model], name: str) -> None:
    """§2.8: the check constraint of this name answers."""
    model, values = FORBIDDEN_VALUES[name]
    named = f"{name}|contract_order_and_addendum_have_parent" if name == "contract_form_known" else name
    with pytest.raises(IntegrityError, match=named), transaction.atomic():
        model._base_manager.filter(pk=records[model].pk).update(**values)


@pytest.mark.parametrize("name", sorted(REPEATED_KEYS))
def test_the_database_refuses_a_second_record_of_the_same_key(
    records: dict[Model, models.Model], name: str
) -> None:
    """§2.8: the unique constraint of this name answers (SQLite names its columns)."""
    model, differing = REPEATED_KEYS[name]
    prepare(name, records)
    twin = copy(records[model])
    twin.pk = None
    twin._state.adding = True
    for field, value in {"public_id": uuid7(), "client_id": uuid7(), **differing}.items():
        setattr(twin, field, value)
    if name == "contact_link_one_manager":
        twin.to_contact = make_contact(twin.from_contact.company, "Щукин Лев", role="")
    fields = next(c for c in model._meta.constraints if c.name == name).fields
    columns = ", ".join(f"{model._meta.db_table}.{model._meta.get_field(field).column}" for field in fields)
    with pytest.raises(IntegrityError, match=f"{name}|{columns}"), transaction.atomic():
        twin.save(force_insert=True)


def prepare(name: str, records: dict[Model, models.Model]) -> None:
    """Some keys need a record of another sort than the usual one."""
    if name == "contract_order_number_once_per_framework":
        framework = records[Contract]
        order = {"form": "order", "parent_contract": framework, "number": "З-1"}
        records[Contract] = make_contract(framework.company, **order)
    if name == "account_member_once_by_training":
        records[AccountMember].via = "training"
        records[AccountMember].save()
    if name == "contact_link_once":
        records[ContactLink].kind = "ally"
        records[ContactLink].save()


def test_every_constraint_of_the_room_is_attacked() -> None:
    """A new constraint without an attack fails here."""
    declared = {
        c.name for model in apps.get_app_config("accounts").get_models() for c in model._meta.constraints
    }
    assert declared == FORBIDDEN_VALUES.keys() | REPEATED_KEYS.keys()
