"""How many seats a client could use in all (§4.10.6)."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import EstimateBasis
from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, RowProblem, Settings
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference, chunks
from accounts.imports.products_index import PRODUCT_FIELD, ProductIndex
from accounts.models import PotentialEstimate
from accounts.models.importing import ImportKind
from upsell_crm.core import clock
from upsell_crm.core.roles import Action

BASES = {
    "интервью": EstimateBasis.INTERVIEW,
    "потребность": EstimateBasis.INTERVIEW,
    "расчет": EstimateBasis.ESTIMATE,
}


class Estimates(Kind):
    """Matched by company and product."""

    code = ImportKind.ESTIMATES
    action = Action.IMPORT_CLIENTS
    fields = (
        *COMPANY_FIELDS,
        PRODUCT_FIELD,
        Field("target_seats", _("Target seats"), values.whole(0, 1_000_000), ("потенциал", "цель", "целевое количество", "потребность", "target", "target seats", "potential"), required=True, example="60"),
        Field("basis", _("Basis"), values.choice(EstimateBasis, BASES), ("основание", "источник оценки", "basis"), example="потребность клиента"),
        Field("verified_on", _("Confirmed on"), values.past_day, ("подтверждено", "дата подтверждения", "проверено", "confirmed on", "verified on"),
              hint=_("When a person confirmed it with the client; the importer answers for it.")),
    )  # fmt: skip
    required_together = (("company_inn", "company", "company_external_id"),)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.products = ProductIndex()
        self.estimates: dict[tuple[int, int], PotentialEstimate] = {}

    def load(self, rows: list[Row]) -> None:
        """Companies and their estimates."""
        self.companies.load(Reference.of(row) for row in rows)
        for chunk in chunks(self.companies.ids()):
            for one in PotentialEstimate.objects.filter(company_id__in=chunk):
                self.estimates[one.company_id, one.product_id] = one

    def plan(self, row: Row) -> None:
        """One estimate; a later confirmation replaces an earlier one."""
        company, product = self.companies.get(row), self.products.get(row)
        key = (company.pk, product.pk)
        found = self.estimates.get(key)
        given = row.pick("target_seats", "basis")
        day = row.values.get("verified_on")
        if day is not None and self.settings.by is None:
            raise RowProblem(
                "verified_on", _("Only a person confirms facts: say as whom you import (--as LOGIN).")
            )
        known = (
            timezone.localtime(found.verified_at).date() if found is not None and found.verified_at else None
        )
        if day is not None and (known is None or day > known):
            moment = datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
            given |= {"verified_at": min(moment, clock.now()), "verified_by": self.settings.by}
        self.work.put(
            row, PotentialEstimate, found, given, defaults={"company": company, "product": product}, single=True,
            index=lambda made: self.estimates.__setitem__(key, made),
        )  # fmt: skip
