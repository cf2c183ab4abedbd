"""People of clients with their role in the decision."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Consent, ContactChannel, ContactState, DecisionRole, DepartmentKind
from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, RowProblem, Settings
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference, chunks
from accounts.models import Company, Contact, ContactRole, Department
from accounts.models.importing import ImportKind
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise

ROLES = {"лпр": DecisionRole.DM, "лвр": DecisionRole.INFLUENCER, "влияющий": DecisionRole.INFLUENCER, "чемпион": DecisionRole.CHAMPION,
         "сторонник": DecisionRole.CHAMPION, "блокер": DecisionRole.BLOCKER, "противник": DecisionRole.BLOCKER,
         "закупщик": DecisionRole.PROCUREMENT, "закупки": DecisionRole.PROCUREMENT, "юрист": DecisionRole.LAWYER,
         "иб": DecisionRole.TECH, "ит": DecisionRole.TECH, "пользователь": DecisionRole.USER, "user": DecisionRole.USER}  # fmt: skip
STATES = {
    "работает": ContactState.ACTIVE,
    "уволен": ContactState.LEFT,
    "ушел": ContactState.LEFT,
    "не подтвержден": ContactState.UNVERIFIED,
}
CHANNELS = {
    "телефон": ContactChannel.PHONE,
    "почта": ContactChannel.EMAIL,
    "email": ContactChannel.EMAIL,
    "мессенджер": ContactChannel.MESSENGER,
    "telegram": ContactChannel.MESSENGER,
}
CONSENTS = {
    "да": Consent.YES,
    "нет": Consent.NO,
    "есть": Consent.YES,
    "1": Consent.YES,
    "0": Consent.NO,
    "true": Consent.YES,
    "false": Consent.NO,
}
PLAIN = ("last_name", "first_name", "patronymic", "position", "email", "phone", "messenger", "preferred_channel",
         "state", "left_on", "consent_mailing", "can_quote")  # fmt: skip
ROLE_FIELDS = ("is_key", "influence", "attitude")


class Contacts(Kind):
    """Matched by external id, else within the company by e-mail, phone or full name."""

    code = ImportKind.CONTACTS
    action = Action.IMPORT_CLIENTS
    fields = (
        *COMPANY_FIELDS,
        Field("full_name", _("Full name"), values.text(300), ("фио", "контакт", "контактное лицо", "полное имя", "full name", "name", "contact", "contact name"),
              hint=_("Last name, first name, patronymic; or three columns of their own."), example="Орехов Павел Сергеевич"),
        Field("last_name", _("Last name"), values.text(100), ("фамилия", "last name", "surname")),
        Field("first_name", _("First name"), values.text(100), ("имя", "first name")),
        Field("patronymic", _("Patronymic"), values.text(100), ("отчество", "patronymic", "middle name")),
        Field("position", _("Position"), values.text(200), ("должность", "position", "job title", "title"), example="Директор по правовым вопросам"),
        Field("department", _("Department"), values.text(150), ("департамент", "подразделение", "отдел", "department"), example="Юридический департамент"),
        Field("email", _("E-mail"), values.email, ("почта", "электронная почта", "эл почта", "email", "e mail", "mail"), example="orehov@example.ru"),
        Field("phone", _("Phone"), values.phone, ("телефон", "моб телефон", "мобильный", "рабочий телефон", "phone", "mobile", "telephone"), example="+7 495 000-00-00"),
        Field("messenger", _("Messenger"), values.text(100), ("мессенджер", "telegram", "телеграм", "messenger")),
        Field("preferred_channel", _("Preferred channel"), values.choice(ContactChannel, CHANNELS), ("канал связи", "предпочтительный канал", "preferred channel")),
        Field("state", _("State"), values.choice(ContactState, STATES), ("состояние", "статус", "state", "status"), example="работает"),
        Field("left_on", _("Left on"), values.past_day, ("дата ухода", "уволен", "left on")),
        Field("consent_mailing", _("Consent to mailings"), values.choice(Consent, CONSENTS), ("согласие на рассылку", "согласие", "consent", "mailing consent")),
        Field("can_quote", _("May be quoted"), values.yes_no, ("можно цитировать", "can quote", "may be quoted")),
        Field("role", _("Role in the decision"), values.choice(DecisionRole, ROLES), ("роль", "роль в решении", "role", "decision role"), example="ЛПР"),
        Field("is_key", _("Key person"), values.yes_no, ("ключевой", "ключевое лицо", "is key", "key person"), example="да"),
        Field("influence", _("Influence, 1–5"), values.whole(1, 5), ("влияние", "влияние 1 5", "influence"), example="4"),
        Field("attitude", _("Attitude, −2…+2"), values.whole(-2, 2), ("отношение", "отношение 2 2", "attitude"), example="1"),
        Field("external_id", _("External id"), values.text(100), ("внешний id", "id", "id контакта", "external id", "contact id")),
    )  # fmt: skip
    required_together = (("company_inn", "company", "company_external_id"), ("full_name", "last_name"))

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.by_external: dict[str, Contact] = {}
        self.by_company: dict[int, list[Contact]] = defaultdict(list)
        self.departments: dict[tuple[int, str], Department] = {}
        self.roles: dict[Any, list[ContactRole]] = defaultdict(list)

    def load(self, rows: list[Row]) -> None:
        """People, departments and open roles of the companies in the file."""
        self.companies.load(Reference.of(row) for row in rows)
        for chunk in chunks(self.companies.ids()):
            for contact in (
                Contact.objects.filter(company_id__in=chunk, anonymised_at=None)
                .select_related("company")
                .order_by("pk")
            ):
                self.by_company[contact.company_id].append(contact)
            for department in Department.objects.filter(company_id__in=chunk).order_by("pk"):
                self.departments[department.company_id, normalise(department.name)] = department
            for role in ContactRole.objects.filter(
                company_id__in=chunk, valid_to=None, product=None
            ).order_by("pk"):
                self.roles[role.contact_id].append(role)
        ids = {row.values["external_id"] for row in rows if "external_id" in row.values}
        for chunk in chunks(ids):
            for contact in Contact.objects.filter(
                source=self.settings.source, external_id__in=chunk
            ).select_related("company"):
                self.by_external[contact.external_id] = contact

    def plan(self, row: Row) -> None:
        """The person, the department where it is new, the role."""
        company = self.companies.get(row)
        given = self._values(row)
        found = self._find(company, given, row.values.get("external_id", ""))
        if found is not None and found.company_id != company.pk:
            raise RowProblem(
                "company_inn", _("This person is known at another company: say so on their card.")
            )
        if found is None and "last_name" not in given:
            raise RowProblem("last_name", _("This column must be filled."))
        if (
            given.get("state") == ContactState.LEFT
            and "left_on" not in given
            and (found is None or found.left_on is None)
        ):
            given["left_on"] = self.settings.today
        if "department" in row.values:
            given["department"] = self._department(row, company)
        if "external_id" in row.values:
            given |= {"external_id": row.values["external_id"], "source": self.settings.source}
        contact = self.work.put(
            row,
            Contact,
            found,
            given,
            defaults={"company": company, "source": self.settings.source},
            index=self._add,
            single=True,
        )
        if "role" in row.values:
            self._plan_role(row, company, contact)
        elif any(code in row.values for code in ROLE_FIELDS):
            raise RowProblem("role", _("Say which role this is."))

    @staticmethod
    def _values(row: Row) -> dict[str, Any]:
        given = row.pick(*PLAIN)
        if "full_name" in row.values and "last_name" not in given:
            parts = row.values["full_name"].split()
            names = {
                "last_name": parts[0],
                "first_name": " ".join(parts[1:2]),
                "patronymic": " ".join(parts[2:]),
            }
            given |= {name: part for name, part in names.items() if part}
        return given

    def _find(self, company: Company, given: dict[str, Any], external_id: str) -> Contact | None:
        if external_id and external_id in self.by_external:
            return self.by_external[external_id]
        people = self.by_company[company.pk]
        for name in ("email", "phone"):
            same = [
                one
                for one in people
                if given.get(name) and getattr(one, name) == given[name] and _agrees(one, given)
            ]
            if len(same) == 1:
                return same[0]
        full = normalise(" ".join(given.get(name, "") for name in ("last_name", "first_name", "patronymic")))
        same = [one for one in people if normalise(one.full_name) == full]
        if len(same) > 1:
            raise RowProblem(
                "full_name", _("Several people of this company have this name: give the e-mail or phone.")
            )
        return same[0] if same else None

    def _add(self, contact: Contact) -> None:
        people = self.by_company[contact.company_id]
        people[:] = [
            one for one in people if one is not contact and (one.pk is None or one.pk != contact.pk)
        ] + [contact]
        if contact.external_id:
            self.by_external[contact.external_id] = contact

    def _department(self, row: Row, company: Company) -> Department:
        key = (company.pk, normalise(row.values["department"]))
        if key in self.departments:
            return self.departments[key]
        new = {
            "company": company,
            "name": row.values["department"],
            "kind": kind_of_department(row.values["department"]),
        }
        made = self.work.put(
            row, Department, None, {}, defaults=new, index=lambda one: self.departments.__setitem__(key, one)
        )
        return made

    def _plan_role(self, row: Row, company: Company, contact: Contact) -> None:
        key = contact.pk or id(contact)
        found = next(
            (
                one
                for one in self.roles[key]
                if one.role == row.values["role"] and one.company_id == company.pk
            ),
            None,
        )
        self.work.put(
            row, ContactRole, found, row.pick(*ROLE_FIELDS),
            defaults={"contact": contact, "company": company, "role": row.values["role"], "valid_from": self.settings.today},
            index=lambda one: self.roles[key].append(one),
        )  # fmt: skip


def _agrees(contact: Contact, given: dict[str, Any]) -> bool:
    """A shared office phone or mailbox does not make two people one."""
    return not given.get("last_name") or normalise(contact.last_name) == normalise(given["last_name"])


DEPARTMENT_WORDS = (
    ("юрид", DepartmentKind.LEGAL), ("прав", DepartmentKind.LEGAL), ("legal", DepartmentKind.LEGAL), ("безопас", DepartmentKind.SECURITY),
    ("security", DepartmentKind.SECURITY), ("финанс", DepartmentKind.FINANCE), ("бухг", DepartmentKind.FINANCE), ("finance", DepartmentKind.FINANCE),
    ("закуп", DepartmentKind.PROCUREMENT), ("procurement", DepartmentKind.PROCUREMENT), ("кредит", DepartmentKind.CREDIT),
    ("андеррайт", DepartmentKind.CREDIT), ("credit", DepartmentKind.CREDIT), ("комплаенс", DepartmentKind.COMPLIANCE),
    ("compliance", DepartmentKind.COMPLIANCE), ("информационн", DepartmentKind.IT), ("дирекц", DepartmentKind.TOP), ("руководств", DepartmentKind.TOP),
)  # fmt: skip


def kind_of_department(name: str) -> str:
    """The kind that the name of a department suggests; «other» when nothing does."""
    words = name.lower()
    return next((kind for part, kind in DEPARTMENT_WORDS if part in words), DepartmentKind.OTHER)
