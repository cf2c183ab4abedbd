"""Active users of a product at a client on a day."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, Settings
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference, chunks
from accounts.imports.products_index import PRODUCT_FIELD, ProductIndex
from accounts.models import UsageSnapshot
from accounts.models.importing import ImportKind
from upsell_crm.core.roles import Action

AS_OF = Field(
    "as_of",
    _("As of"),
    values.past_day,
    ("на дату", "дата", "дата среза", "по состоянию на", "as of", "date"),
    required=True,
    example="23.11.2026",
)


class Usage(Kind):
    """Matched by company, product and day."""

    code = ImportKind.USAGE
    action = Action.IMPORT_BOOKS
    fields = (
        *COMPANY_FIELDS,
        PRODUCT_FIELD,
        AS_OF,
        Field("active_users_30d", _("Active users in 30 days"), values.whole(), ("активных пользователей", "активные пользователи", "пользователей", "active users", "users"), required=True, example="24"),
        Field("logins_30d", _("Logins in 30 days"), values.whole(), ("входов", "входы", "логинов", "logins"), example="310"),
    )  # fmt: skip
    required_together = (("company_inn", "company", "company_external_id"),)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.products = ProductIndex()
        self.snapshots: dict[tuple[int, int, date], UsageSnapshot] = {}

    def load(self, rows: list[Row]) -> None:
        """Companies and their snapshots of the days in the file."""
        self.companies.load(Reference.of(row) for row in rows)
        days = {row.values["as_of"] for row in rows}
        for chunk in chunks(self.companies.ids()):
            for one in UsageSnapshot.objects.filter(
                company_id__in=chunk, as_of__gte=min(days), as_of__lte=max(days)
            ):
                self.snapshots[one.company_id, one.product_id, one.as_of] = one

    def plan(self, row: Row) -> None:
        """One snapshot."""
        company, product = self.companies.get(row), self.products.get(row)
        key = (company.pk, product.pk, row.values["as_of"])
        self.work.put(
            row, UsageSnapshot, self.snapshots.get(key), row.pick("active_users_30d", "logins_30d"), single=True,
            defaults={"company": company, "product": product, "as_of": row.values["as_of"]},
            index=lambda made: self.snapshots.__setitem__(key, made),
        )  # fmt: skip
