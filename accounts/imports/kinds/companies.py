"""Companies and holdings, with revenue of a year, legal state, industry and responsible KAM."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import LegalState, Regime, RevenueSource
from accounts.imports import values
from accounts.imports.base import (
    Field,
    Kind,
    Option,
    Row,
    RowProblem,
    Settings,
    described_already,
    parents_first,
)
from accounts.imports.companies_index import CompanyIndex, Reference, chunks
from accounts.imports.holding_tree import HoldingTree
from accounts.imports.industries import industry_of_okved, industry_of_sector
from accounts.imports.legal_states import read_legal_state
from accounts.imports.people_index import PeopleIndex
from accounts.models import Company, CompanyYear
from accounts.models.company import MAX_DEPTH
from accounts.models.importing import ImportKind
from accounts.services.profile import segment_of
from upsell_crm.core.errors import DomainError
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise

REGIMES = {"44": Regime.FZ44, "44 фз": Regime.FZ44, "44фз": Regime.FZ44, "223": Regime.FZ223, "223 фз": Regime.FZ223,
           "223фз": Regime.FZ223, "коммерческий": Regime.COMMERCIAL, "коммерческая": Regime.COMMERCIAL,
           "частная": Regime.COMMERCIAL, "нет": Regime.UNKNOWN}  # fmt: skip
PLAIN = ("name", "short_name", "inn", "kpp", "ogrn", "regime", "region", "city", "headcount")
ROUBLES = {"", "₽", "руб", "руб.", "rub", "rur", "рубли"}


class Companies(Kind):
    """Matched by external id, then ИНН + КПП, then (without ИНН) by name; parents may stand below their children."""

    code = ImportKind.COMPANIES
    action = Action.IMPORT_CLIENTS
    fields = (
        Field("name", _("Company name"), values.text(300),
              ("полное наименование", "наименование", "название", "компания", "клиент", "контрагент", "организация",
               "наименование организации", "account", "account name", "company", "company name", "full name", "customer", "client"),
              example="Публичное акционерное общество «Сбербанк России»"),
        Field("short_name", _("Short name"), values.text(150),
              ("сокращенное наименование", "краткое наименование", "краткое название", "short name"), example="ПАО «Сбербанк»"),
        Field("inn", _("INN"), values.inn, ("инн", "инн организации", "инн компании", "инн клиента", "inn", "tax id"), example="7707083893"),
        Field("kpp", _("KPP"), values.kpp, ("кпп", "кпп организации", "kpp"), example="773601001"),
        Field("ogrn", _("OGRN"), values.ogrn, ("огрн", "огрн огрнип", "ogrn"), example="1027700132195"),
        Field("external_id", _("External id"), values.text(100),
              ("внешний id", "id", "код", "идентификатор", "external id", "account id", "id компании"),
              hint=_("Its number in the system that the list comes from; matched together with the source.")),
        Field("parent", _("Head organisation"), values.text(300),
              ("головная организация", "головная компания", "материнская компания", "холдинг", "входит в", "инн головной",
               "subsidiary of", "parent", "parent company", "parent account", "holding", "head organisation"),
              hint=_("Its name or INN; it may stand in any row of the same file."), example=""),
        Field("regime", _("Regime"), values.choice(Regime, REGIMES), ("режим", "режим закупок", "закон", "фз", "regime", "law"),
              example="44-ФЗ"),
        Field("industry", _("Industry"), values.text(100), ("отрасль", "сектор", "сфера деятельности", "industry", "sector"),
              hint=_("A word of the list or a usual synonym; an unknown one becomes «Other» with a warning."), example="Банк"),
        Field("okved", _("OKVED code"), values.text(20), ("оквэд", "код оквэд", "основной оквэд", "okved"),
              hint=_("Gives the industry where its own column is empty."), example="64.19"),
        Field("region", _("Region"), values.text(120),
              ("регион", "область", "субъект рф", "страна", "region", "state", "office location", "country"), example="г. Москва"),
        Field("city", _("City"), values.text(120), ("город", "населенный пункт", "city", "town"), example="Москва"),
        Field("headcount", _("Employees"), values.whole(0, 10_000_000),
              ("численность", "сотрудников", "количество сотрудников", "число сотрудников", "ссч", "employees", "headcount", "staff"),
              example="210000"),
        Field("revenue", _("Revenue"), values.money, ("выручка", "оборот", "выручка руб", "годовая выручка", "revenue", "turnover", "annual revenue"),
              hint=_("In roubles after the multiplier of the file."), example="3 543 000 000,00"),
        Field("year", _("Year of the revenue"), values.whole(1990, 2100), ("год", "год выручки", "отчетный год", "revenue year", "fiscal year"),
              example="2025"),
        Field("legal_state", _("Legal state"), read_legal_state,
              ("статус", "состояние", "статус юрлица", "статус организации", "юридический статус", "legal state", "status", "legal status"),
              example="Действующая"),
        Field("ceased_on", _("Ceased on"), values.day,
              ("дата прекращения", "дата ликвидации", "дата прекращения деятельности", "ceased on", "liquidation date")),
        Field("owner_kam", _("Responsible KAM"), values.text(150),
              ("кам", "ответственный кам", "ответственный", "менеджер", "ответственный менеджер", "kam", "owner", "responsible", "account manager", "manager"),
              hint=_("Login or name. For new companies and for those without one.")),
        Field("team", _("Team"), values.text(100), ("команда", "отдел", "team"), hint=_("Code or name; by default the team of the KAM.")),
    )  # fmt: skip
    options = (
        Option("multiplier", _("Multiplier of the revenue"), values.decimal, _("1000 for thousands, 1000000 for millions; other currency: times its rate.")),
        Option("currency", _("Currency note"), values.text(40), _("Kept beside the revenue, for example «USD × 90».")),
        Option("year", _("Year of the revenue"), values.whole(1990, 2100), _("Where the file has no column with the year.")),
        Option("kam", _("Responsible KAM of new companies"), values.text(150), _("Login or name.")),
        Option("team", _("Team of new companies"), values.text(100), _("Code or name.")),
    )  # fmt: skip
    required_together = (("name", "short_name"),)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.years: dict[int, dict[int, CompanyYear]] = {}
        self.tree = HoldingTree(self.work.current)
        self.only_row: dict[str, int] = {}
        self.has_warned = False

    def refuse_settings(self, mapped: set[str]) -> None:
        """Revenue without a year means nothing (R7); a named KAM or team must exist."""
        options = self.settings.options
        if "revenue" in mapped and "year" not in mapped and not options.get("year"):
            raise DomainError(
                "year_missing", _("Say of which year the revenue is: map a column or enter the year.")
            )
        if options.get("multiplier") is not None and options["multiplier"] <= 0:
            raise DomainError("multiplier", _("The multiplier must be more than zero."))
        self.people = PeopleIndex(self.settings)
        for code, find in (("kam", self.people.kam), ("team", self.people.team)):
            try:
                find(options[code]) if options.get(code) else None
            except RowProblem as problem:
                raise DomainError(code, problem.message) from problem

    def load(self, rows: list[Row]) -> None:
        """Companies of the rows and their heads, their revenue by year, the tree of all holdings."""
        own = [Reference.described_by(row) for row in rows]
        short = [
            Reference(name=row.values["short_name"])
            for row in rows
            if "short_name" in row.values and "inn" not in row.values
        ]
        heads = [Reference.of_text(row.values["parent"]) for row in rows if "parent" in row.values]
        self.companies.load(own + short + heads)
        if heads:
            self.tree.load()
        # Which row describes a company is decided by the file alone, the first one with a name: whether the
        # others are good depends on what is stored, and the second import must decide the same (R103).
        for row in sorted(rows, key=lambda row: row.values.keys().isdisjoint({"name", "short_name"})):
            self.only_row.setdefault(Reference.described_by(row).identity, row.number)
        if any("revenue" in row.values for row in rows):
            for chunk in chunks(self.companies.ids()):
                for year in CompanyYear.objects.filter(company_id__in=chunk).order_by("pk"):
                    self.years.setdefault(year.company_id, {})[year.year] = year

    def order(self, rows: list[Row]) -> list[Row]:
        """Heads before subsidiaries; rows that only repeat a company last."""
        only = [row for row in rows if self._only_row(row) == row.number]
        repeats = [row for row in rows if self._only_row(row) != row.number]
        return _heads_first(only) + repeats

    def _only_row(self, row: Row) -> int:
        return self.only_row[Reference.described_by(row).identity]

    def plan(self, row: Row) -> None:
        """The company, then its revenue."""
        reference = Reference.described_by(row)
        if not reference:
            raise RowProblem("name", _("This column must be filled."))
        if (only := self._only_row(row)) != row.number:
            raise described_already(only)
        found = self.companies.find(reference, "name" if not reference.inn else "inn")
        if found is not None and found.pk is not None and not self.settings.may_touch(found):
            raise RowProblem(
                "inn" if reference.inn else "name",
                _("This company is led by another team; ask its lead or BackOffice."),
            )
        given = self._values(row, found)
        if "revenue" in row.values:
            given["segment"] = self._segment(row, found)
        company = self.work.put(
            row, Company, found, given,
            defaults={"source": self.settings.source}, index=self._learn, single=True,
        )  # fmt: skip
        if "revenue" in row.values:
            self._plan_year(row, company)

    def _values(self, row: Row, found: Company | None) -> dict[str, Any]:
        given = row.pick(*PLAIN)
        if found is None or not found.name:
            given.setdefault("name", row.values.get("short_name", ""))
            if not given["name"]:
                raise RowProblem("name", _("This column must be filled."))
        if "external_id" in row.values:
            given |= {"external_id": row.values["external_id"], "source": self.settings.source}
        given |= self._industry(row)
        given |= self._legal_state(row)
        given |= self._owner(row, found)
        if "parent" in row.values:
            given["parent"] = self._parent(row, found)
        return given

    @staticmethod
    def _industry(row: Row) -> dict[str, Any]:
        word = row.values.get("industry")
        if word is None:
            return {"industry": industry_of_okved(row.values["okved"])} if "okved" in row.values else {}
        industry, is_known = industry_of_sector(word)
        if not is_known:
            row.warn("industry", _("Unknown industry: the company goes to “Other”."))
        return {"industry": industry}

    @staticmethod
    def _legal_state(row: Row) -> dict[str, Any]:
        given = row.pick("ceased_on")
        if "legal_state" in row.values:
            given["legal_state"], is_plain = row.values["legal_state"]
            if not is_plain:
                label = LegalState(given["legal_state"]).label
                row.warn("legal_state", _("Read as “%(state)s”.") % {"state": label})
        elif "ceased_on" in given:
            given["legal_state"] = LegalState.CEASED
        return given

    def _owner(self, row: Row, found: Company | None) -> dict[str, Any]:
        """KAM and team of a new company, or of one without a KAM: a change of the KAM is the lead's own act (§2.8.8)."""
        options = self.settings.options
        word = row.values.get("owner_kam") or options.get("kam")
        kam = self.people.kam(word, "owner_kam") if word else None
        if found is not None and found.owner_kam_id:
            if kam and kam.pk != found.owner_kam_id and "owner_kam" in row.values:
                row.warn(
                    "owner_kam", _("The company keeps its responsible KAM; a lead changes it on the card.")
                )
            return {}
        word = row.values.get("team") or (options.get("team") if not kam else None)
        team = self.people.team(word, "team") if word else (kam.team if kam else None)
        if team is None and found is None and self.settings.by is not None:
            team = self.settings.by.team if not self.settings.reaches_all else None
        given: dict[str, Any] = {"owner_kam": kam, "owner_since_on": self.settings.today} if kam else {}
        if team is None:
            return given
        if not self.settings.reaches_all and self.settings.by and team.pk != self.settings.by.team_id:
            raise RowProblem(
                "team" if "team" in row.values else "owner_kam",
                _("You may import companies of your own team only."),
            )
        return given | {"team": team}

    def _parent(self, row: Row, found: Company | None) -> Company:
        """The head organisation; no circle and at most five levels (§2.8.1)."""
        parent = self.companies.find(Reference.of_text(row.values["parent"]), "parent")
        if parent is None:
            raise RowProblem(
                "parent", _("There is no such head organisation: neither here nor in a good row of the file.")
            )
        if parent.pk is not None and not self.settings.may_touch(parent):
            raise RowProblem("parent", _("This company is led by another team; ask its lead or BackOffice."))
        above = self.tree.above(parent)
        if found is not None and any(
            one is found or (one.pk is not None and one.pk == found.pk) for one in above
        ):
            raise RowProblem("parent", _("This would close the holding into a circle."))
        if len(above) + self.tree.height(found) > MAX_DEPTH:
            raise RowProblem("parent", _("A holding has at most %(levels)s levels.") % {"levels": MAX_DEPTH})
        return parent

    def _learn(self, company: Company) -> None:
        """A good row has made or changed the company."""
        self.companies.add(company)
        self.tree.learn(company)

    def _revenue(self, row: Row) -> tuple[int, Decimal]:
        year = row.values.get("year") or self.settings.options.get("year")
        if not year:
            raise RowProblem("year", _("Say of which year the revenue is."))
        if year > self.settings.today.year:
            raise RowProblem("year", _("This year has not come yet."))
        revenue = row.values["revenue"] * (self.settings.options.get("multiplier") or 1)
        if revenue >= Decimal(10) ** 15:
            raise RowProblem("revenue", _("The amount is too large."))
        return year, revenue.quantize(Decimal("0.01"))

    def _segment(self, row: Row, found: Company | None) -> str:
        year, revenue = self._revenue(row)
        known = self.years.get(found.pk, {}) if found is not None else {}
        last = max([*known, year])
        return segment_of(revenue if last == year else known[last].revenue)

    def _plan_year(self, row: Row, company: Company) -> None:
        year, revenue = self._revenue(row)
        found = self.years.get(company.pk, {}).get(year) if company.pk else None
        currency = self.settings.options.get("currency", "")
        if currency.lower() not in ROUBLES and not self.has_warned:
            self.has_warned = True  # once for the file
            row.warn("revenue", _("Kept in roubles with the note “%(currency)s”.") % {"currency": currency})
        given: dict[str, Any] = {"revenue": revenue}
        if currency:
            given["note"] = currency
        if found is None or found.revenue != revenue:
            given |= {"as_of": self.settings.today, "source": RevenueSource.MANUAL}
        self.work.put(row, CompanyYear, found, given, defaults={"company": company, "year": year})

    def touched(self, obj: models.Model) -> set[int]:
        """A subsidiary and its head."""
        return super().touched(obj) | (
            {obj.parent_id} if isinstance(obj, Company) and obj.parent_id else set()
        )


def _heads_first(rows: list[Row]) -> list[Row]:
    return parents_first(
        rows,
        lambda row: (row.values[code] if code == "inn" else normalise(row.values[code])
                     for code in ("inn", "name", "short_name") if code in row.values),
        lambda row: [_key(Reference.of_text(row.values["parent"]))] if "parent" in row.values else [],
    )  # fmt: skip


def _key(reference: Reference) -> str:
    return reference.inn or normalise(reference.name)
