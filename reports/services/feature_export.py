"""The file of the report on responses: the clients of the filter whom this person may export, logged (R25, R95)."""

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import within_reach
from reports.feature_responses import ANSWERS, AnsweredRow, answer_of, answered_rows, narrowed_waits
from upsell_crm.core import audit, clock
from upsell_crm.core.access import check_export, require
from upsell_crm.core.exports import CONTENT_TYPES, File, Heading, Kind, check_format, csv_lines, xlsx_file
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action


def export_responses(*, by: User, query: str, file_format: str) -> File:
    """XLSX or CSV of the filter in the address; raises NotAllowed, DomainError."""
    require(by, Action.SEE_FEATURES)
    require(by, Action.EXPORT)
    check_format(file_format)
    narrowed = narrowed_waits(QueryDict(query), by, clock.today())
    narrowed.queryset = narrowed.queryset.filter(within_reach(by, Action.EXPORT, "company__"))
    rows = answered_rows(narrowed, by)
    check_export(by, len(rows))
    audit.log_export(
        by=by, kind="feature_responses", rows=len(rows), parameters={"query": query, "format": file_format}
    )
    name = f"otkliki-na-funktsii-{clock.today()}.{file_format}"
    if file_format == "csv":
        return File(name, CONTENT_TYPES["csv"], csv_lines(_headings(), _cells(rows)))
    parameters = [
        (_("Report"), _("Responses to features")),
        (_("Data as of"), date_format(clock.today(), "SHORT_DATE_FORMAT")),
        (_("Author of the file"), str(by)),
        (_("Rows"), str(len(rows))),
        *((str(narrowed.form[name].label), str(value)) for name, value in narrowed.in_use.items()),
    ]
    content, _rows = xlsx_file(_headings(), _cells(rows), sheet=_("Responses"), parameters=parameters)
    return File(name, CONTENT_TYPES["xlsx"], content)


def _headings() -> list[Heading]:
    text, day = Kind.TEXT, Kind.DAY
    return [
        Heading(_("Client"), text), Heading(_("INN"), text), Heading(_("KAM"), text), Heading(_("Feature"), text),
        Heading(_("Product"), text), Heading(_("In the client's words"), text), Heading(_("Released on"), day),
        Heading(_("Shown on"), day), Heading(_("Answer"), text), Heading(_("Deals won after it"), Kind.INTEGER),
        Heading(_("Upsell, ₽"), Kind.MONEY),
    ]  # fmt: skip


def _cells(rows: list[AnsweredRow]) -> Iterator[list[Any]]:
    words = {code: str(label) for code, label in ANSWERS}
    for row in rows:
        wait = row.wait
        yield [
            str(wait.company), wait.company.inn, str(wait.company.owner_kam or ""), wait.feature.title,
            str(wait.feature.product), wait.quote, wait.feature.released_on, wait.presented_on, words[answer_of(wait)],
            len(row.deals), row.gain,
        ]  # fmt: skip
