"""Court cases of clients in 12 months (R8)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, Settings
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference, chunks
from accounts.imports.kinds.usage import AS_OF
from accounts.models import CourtLoad
from accounts.models.importing import ImportKind
from upsell_crm.core.roles import Action


class CourtLoads(Kind):
    """Matched by company and day."""

    code = ImportKind.COURT_LOAD
    action = Action.IMPORT_CLIENTS
    fields = (
        *COMPANY_FIELDS,
        AS_OF,
        Field("cases_12m", _("Cases in 12 months"), values.whole(), ("дел", "дел за 12 месяцев", "количество дел", "всего дел", "судебных дел", "cases", "cases 12m"), required=True, example="120"),
        Field("as_plaintiff", _("As plaintiff"), values.whole(), ("истец", "в роли истца", "как истец", "as plaintiff", "plaintiff"), example="40"),
        Field("as_defendant", _("As defendant"), values.whole(), ("ответчик", "в роли ответчика", "как ответчик", "as defendant", "defendant"), example="60"),
        Field("as_other", _("In another role"), values.whole(), ("иное", "третье лицо", "в иной роли", "прочие", "as other", "other"), example="20"),
        Field("claims_amount", _("Claims, ₽"), values.money, ("сумма исков", "сумма требований", "исковые требования", "claims", "claims amount"), example="15 000 000,00"),
    )  # fmt: skip
    required_together = (("company_inn", "company", "company_external_id"),)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.loads: dict[tuple[int, date], CourtLoad] = {}

    def load(self, rows: list[Row]) -> None:
        """Companies and their court load of the days in the file."""
        self.companies.load(Reference.of(row) for row in rows)
        days = {row.values["as_of"] for row in rows}
        for chunk in chunks(self.companies.ids()):
            for one in CourtLoad.objects.filter(
                company_id__in=chunk, as_of__gte=min(days), as_of__lte=max(days)
            ):
                self.loads[one.company_id, one.as_of] = one

    def plan(self, row: Row) -> None:
        """One row of court load."""
        company = self.companies.get(row)
        key = (company.pk, row.values["as_of"])
        given = row.pick("cases_12m", "as_plaintiff", "as_defendant", "as_other", "claims_amount")
        self.work.put(
            row, CourtLoad, self.loads.get(key), given, defaults={"company": company, "as_of": row.values["as_of"]},
            index=lambda made: self.loads.__setitem__(key, made), single=True,
        )  # fmt: skip
