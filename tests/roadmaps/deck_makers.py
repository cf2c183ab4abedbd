"""Makers of presentations for the suite, and of a client of whom everything is known."""

from datetime import date, timedelta
from typing import Any

from accounts.enums import FeatureStatus
from accounts.models import (
    Company,
    Contact,
    CourtLoad,
    DepartmentInterest,
    Interaction,
    InteractionContact,
    ProcurementType,
    ProductFeedback,
    UsageSnapshot,
)
from deals.models import Deal
from roadmaps.enums import BlockKind
from roadmaps.models import Plan, Presentation
from tests.accounts.feature_makers import make_feature, make_wait
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
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task
from tests.trainings.makers import make_results


def make_presentation(plan: Plan, *on: str, **values: Any) -> Presentation:
    """A draft in which these blocks are on, all of them without any."""
    blocks = [
        {"kind": str(kind), "is_on": not on or kind in on, "title": str(kind.label), "text": "", "left_out": []}
        for kind in BlockKind
    ]  # fmt: skip
    values = {"title": "Предложение", "number": 1, "blocks": blocks, **values}
    return Presentation.objects.create(plan=plan, **values)


def make_meeting(
    company: Company, author: Any, *people: Contact, on: date = date(2026, 11, 12)
) -> Interaction:
    """A held meeting about needs with these people of the client."""
    met = Interaction.objects.create(
        company=company, author=author, starts_at=moment(on), purpose="needs", summary="Внутренние заметки"
    )
    for contact in people:
        InteractionContact.objects.create(interaction=met, contact=contact)
    return met


def make_procedure(**values: Any) -> ProcurementType:
    """A direct purchase with its legal reference, in force since last year."""
    said = {
        "code": "direct", "name_ru": "Прямой договор", "name_en": "Direct contract", "approval_bd": 10, "lead_bd": 5,
        "legal_ref": "ст. 421 ГК РФ", "valid_from": date(2025, 1, 1), **values,
    }  # fmt: skip
    return ProcurementType.objects.create(**said)


def make_known_client(cast: Cast) -> Plan:
    """The plan of a client about whom every block has something true to say."""
    company = make_company("ПАО «Парус»", kam=cast.aliev, team=cast.k2)
    legal = company.departments.create(name="Юридический отдел", kind="legal")
    person = make_contact(company, department=legal, position="Начальник юридического отдела")
    confirm_everything(company, cast.aliev)
    casebook = make_product(
        "casebook", purpose_ru="Проверка контрагентов", purpose_en="Checks of counterparties"
    )
    deal = make_known_deal(company)
    met = make_meeting(company, cast.aliev, person)
    DepartmentInterest.objects.create(
        department=legal, product=casebook, level=3, as_of=date(2026, 11, 12), interaction=met
    )
    ProductFeedback.objects.create(
        interaction=met, product=casebook, reaction=2, text="Экономит день в неделю", quote_ok=True
    )
    for back, users in ((40, 9), (10, 12)):
        UsageSnapshot.objects.create(
            company=company, product=casebook, as_of=T - timedelta(days=back), active_users_30d=users
        )
    for back, cases in ((375, 100), (10, 130)):
        CourtLoad.objects.create(
            company=company, as_of=T - timedelta(days=back), cases_12m=cases, as_plaintiff=60, as_defendant=30,
            claims_amount=1_500_000,
        )  # fmt: skip
    make_wait(make_feature("Выгрузка в таблицу", casebook), company, contact=person)
    make_wait(
        make_feature("Мониторинг группы", casebook, status=FeatureStatus.RELEASED), company, contact=person
    )
    make_results(company, cast.gai, product=casebook)
    plan = make_plan(deal)
    make_plan_task(plan, cast.aliev, "Дожать закупки по цене", phase="docs")
    return plan


def make_known_deal(company: Company) -> Deal:
    """It renews fourteen seats and adds four, by a procedure that is known."""
    contract = make_contract(company, ("casebook", 14), act_by=date(2026, 12, 1))
    return make_deal(company, ("casebook", 14, 18), renews=contract, procurement_type=make_procedure())


def free_of_words(presentation: Presentation) -> Presentation:
    """The block of free text is on and says something."""
    blocks = [
        {**block, "text": "Спасибо за совместную работу"} if block["kind"] == BlockKind.FREE else block
        for block in presentation.blocks
    ]
    presentation.blocks = blocks
    presentation.save()
    return presentation
