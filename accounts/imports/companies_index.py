"""Finding the company that a row means: external id, then ИНН and КПП, then the name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.imports import values
from accounts.imports.base import Field, Row, RowProblem, Settings
from accounts.models import Company
from upsell_crm.core.text import normalise

CHUNK = 400  # values of one IN (…) list

COMPANY_FIELDS = (
    Field("company_inn", gettext_lazy("INN of the company"), values.inn,
          ("инн", "инн компании", "инн клиента", "инн организации", "инн контрагента", "inn", "company inn", "tax id"), example="7707083893"),
    Field("company_kpp", gettext_lazy("KPP of the company"), values.kpp,
          ("кпп", "кпп компании", "кпп клиента", "kpp", "company kpp"), example="773601001"),
    Field("company", gettext_lazy("Company"), values.text(300),
          ("компания", "клиент", "контрагент", "организация", "наименование", "название компании", "наименование клиента",
           "заказчик", "company", "company name", "client", "customer", "account", "payer"), example="ПАО «Сбербанк»",
          hint=gettext_lazy("Looked up by name where no INN is given.")),
    Field("company_external_id", gettext_lazy("External id of the company"), values.text(100),
          ("id компании", "id клиента", "код клиента", "внешний id компании", "company id", "client id", "account id", "company external id")),
)  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """How a row names a company; empty parts are unknown."""

    inn: str = ""
    kpp: str = ""
    name: str = ""
    external_id: str = ""

    @classmethod
    def of(cls, row: Row, inn: str = "company_inn", kpp: str = "company_kpp", name: str = "company",
           external_id: str = "company_external_id") -> "Reference":  # fmt: skip
        """The reference in a row's columns."""
        take = row.values.get
        return cls(take(inn, ""), take(kpp, ""), take(name, ""), take(external_id, ""))

    @classmethod
    def described_by(cls, row: Row) -> "Reference":
        """The company that a row of a list of companies describes; the short name stands in for the name."""
        return cls.of(row, "inn", "kpp", "name" if "name" in row.values else "short_name", "external_id")

    @property
    def identity(self) -> str:
        """Equal for two rows of a file that mean one company, whatever is stored."""
        inn = f"{self.inn} {self.kpp}" if self.inn else ""
        return self.external_id or inn or normalise(self.name)

    @classmethod
    def of_text(cls, cell: str) -> "Reference":
        """A single cell that holds either an ИНН or a name."""
        digits = cell.replace(" ", "")
        return cls(inn=digits) if digits.isdigit() and len(digits) in (10, 12) else cls(name=cell)

    def __bool__(self) -> bool:
        return bool(self.inn or self.name or self.external_id)


class CompanyIndex:
    """The companies that a file refers to, read by a constant number of statements."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._by_external: dict[str, Company] = {}
        self._by_inn: dict[str, list[Company]] = defaultdict(list)
        self._by_name: dict[str, list[Company]] = defaultdict(list)

    def load(self, references: Iterable[Reference]) -> None:
        """Read everything that the references may mean."""
        wanted = [one for one in references if one]
        for chunk in chunks({one.inn for one in wanted if one.inn}):
            self._add_all(Q(inn__in=chunk))
        for chunk in chunks({one.external_id for one in wanted if one.external_id}):
            self._add_all(Q(source=self.settings.source, external_id__in=chunk))
        names = {normalise(one.name) for one in wanted if one.name and not one.inn}
        if names:
            self._load_names(names)

    def _load_names(self, names: set[str]) -> None:
        """A name may be the full or the short one; only the latter is stored in the normal form."""
        ids = [
            pk
            for pk, *both in Company.objects.values_list("pk", "name", "short_name").order_by("pk")
            if not names.isdisjoint(normalise(name) for name in both if name)
        ]
        for chunk in chunks(ids):
            self._add_all(Q(pk__in=chunk))

    def _add_all(self, condition: Q) -> None:
        for company in Company.objects.filter(condition).order_by("pk"):
            self.add(company)

    def add(self, company: Company) -> None:
        """Make a company findable, or replace it by its changed self."""
        if company.external_id and company.source == self.settings.source:
            self._by_external[company.external_id] = company
        if company.inn:
            _put(self._by_inn[company.inn], company)
        for name in {normalise(company.name), normalise(company.short_name)} - {""}:
            _put(self._by_name[name], company)

    def find(self, reference: Reference, column: str = "") -> Company | None:
        """The company, or None when there is none; raises RowProblem when several fit."""
        if found := self._by_external.get(reference.external_id):
            return found
        if reference.inn:
            return self._find_by_inn(reference, column)
        same_name = self._by_name.get(normalise(reference.name), []) if reference.name else []
        if len(same_name) > 1:
            raise RowProblem(column, _("Several companies have this name: give the INN."))
        return same_name[0] if same_name else None

    def _find_by_inn(self, reference: Reference, column: str) -> Company | None:
        same_inn = self._by_inn.get(reference.inn, [])
        if not reference.kpp:
            if len(same_inn) > 1:
                raise RowProblem(column, _("Several companies have this INN: give the KPP too."))
            return same_inn[0] if same_inn else None
        exact = [one for one in same_inn if one.kpp == reference.kpp]
        return next(iter(exact or [one for one in same_inn if not one.kpp]), None)

    def ids(self) -> set[int]:
        """Keys of all stored companies that were found."""
        lists = [*self._by_inn.values(), *self._by_name.values(), list(self._by_external.values())]
        return {company.pk for companies in lists for company in companies if company.pk}

    def get(self, row: Row) -> Company:
        """The existing company of a row, within the importer's reach; raises RowProblem."""
        reference = Reference.of(row)
        column = next(
            (code for code in ("company_inn", "company", "company_external_id") if row.cells.get(code)), ""
        )
        if not reference:
            raise RowProblem("company_inn", _("Name the company: its INN, its name or its external id."))
        found = self.find(reference, column)
        if found is None:
            raise RowProblem(column, _("There is no such company. Import the companies first."))
        if not self.settings.may_touch(found):
            raise RowProblem(column, _("This company is led by another team; ask its lead or BackOffice."))
        return found


def _put(companies: list[Company], company: Company) -> None:
    for place, one in enumerate(companies):
        if one is company or (one.pk is not None and one.pk == company.pk):
            companies[place] = company
            return
    companies.append(company)


def chunks(items: Iterable[Any]) -> Iterable[list[Any]]:
    """Parts small enough for one IN (…) list."""
    ordered = sorted(items, key=str)
    return (ordered[place : place + CHUNK] for place in range(0, len(ordered), CHUNK))
