"""The matrix of a portfolio as a file: rows that the reader may export, each file logged (§3, §5.4)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Company, Product
from deals.portfolio import Line, key_of, lines_of
from deals.whitespace_filters import WhitespaceFilter
from upsell_crm.core import audit, clock
from upsell_crm.core.access import check_export, require
from upsell_crm.core.exports import CONTENT_TYPES, File, Heading, Kind, check_format, csv_lines, xlsx_file
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action


def export_whitespace(*, by: User, query: str, file_format: str) -> File:
    """The lines behind an address of the page, with money for who may see it. Raises NotAllowed, DomainError."""
    require(by, Action.SEE_COMPANY)
    require(by, Action.EXPORT)
    check_format(file_format)
    products = list(Product.objects.licensable())
    companies = Company.objects.visible_to(by).present().filter(pk__in=_exportable(by))
    narrowed = WhitespaceFilter(QueryDict(query), companies, by=by, products=products)
    shown, today = narrowed.shown_products, clock.today()
    lines = lines_of(narrowed.qs, shown, by, today, narrowed.in_use.get("state", ""))
    check_export(by, len(lines))
    with_money = bool(by.scopes(Action.SEE_MONEY))
    lines.sort(key=key_of("potential" if with_money else "seats"))
    audit.log_export(
        by=by, kind="whitespace", rows=len(lines), parameters={"query": query, "format": file_format}
    )
    headings, cells = _headings(shown, with_money), _cells(lines, with_money)
    name = f"belye-pyatna-{today}.{file_format}"
    if file_format == "csv":
        return File(name, CONTENT_TYPES["csv"], csv_lines(headings, cells))
    parameters = [
        (_("Report"), _("Whitespace")),
        (_("Data as of"), date_format(today, "SHORT_DATE_FORMAT")),
        (_("Author of the file"), str(by)),
        *narrowed.narrowed_by.items(),
        (_("Potential, ₽"), _("at list prices, a year, without VAT")),
    ]
    content, _rows = xlsx_file(headings, cells, sheet=_("Whitespace"), parameters=parameters)
    return File(name, CONTENT_TYPES["xlsx"], content)


def _exportable(by: User) -> Any:
    return Company.objects.allowing(by, Action.EXPORT).order_by().values("pk")


def _headings(products: Sequence[Product], with_money: bool) -> list[Heading]:
    of_products = [
        heading
        for product in products
        for heading in (
            Heading(_("%(product)s: licences") % {"product": product}, Kind.INTEGER),
            Heading(_("%(product)s: could use") % {"product": product}, Kind.INTEGER),
            Heading(_("%(product)s: state") % {"product": product}, Kind.TEXT),
        )
    ]
    first = [
        Heading("№", Kind.INTEGER), Heading(_("Company"), Kind.TEXT), Heading(_("INN"), Kind.TEXT),
        Heading(_("KAM"), Kind.TEXT), Heading(_("Team"), Kind.TEXT), Heading(_("Industry"), Kind.TEXT),
    ]  # fmt: skip
    money = [Heading(_("Potential, ₽"), Kind.MONEY)] if with_money else []
    return [*first, *of_products, Heading(_("Potential, seats"), Kind.INTEGER), *money]


def _cells(lines: Sequence[Line], with_money: bool) -> Iterator[list[Any]]:
    for number, line in enumerate(lines, start=1):
        company = line.company
        row: list[Any] = [
            number, str(company), company.inn, str(company.owner_kam or ""), str(company.team or ""),
            company.get_industry_display(),
        ]  # fmt: skip
        for cell in line.cells:
            stage = f": {cell.deal.get_stage_display()}" if cell.deal else ""
            row += [cell.seats, cell.target, f"{cell.words}{stage}"]
        yield [*row, line.room, *([line.amount] if with_money else [])]
