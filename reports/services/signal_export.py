"""The list of reasons to call as a file: who may take which rows, always logged (§3)."""

from collections.abc import Generator, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.access import within_reach
from reports.models import RankRow
from reports.queries import ranked_for
from reports.signal_filters import SignalFilter
from reports.signal_groups import signal_groups
from upsell_crm.core import audit
from upsell_crm.core.access import check_export, require
from upsell_crm.core.exports import Heading, Kind, csv_lines
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

CHUNK = 200  # clients written at once


def export_signals(*, by: User, query: str) -> Generator[bytes, None, None]:
    """The signals behind an address of the page as CSV. Raises NotAllowed, DomainError."""
    require(by, Action.SEE_RANKING)
    require(by, Action.EXPORT)
    rows = ranked_for(by).filter(within_reach(by, Action.EXPORT, "company__"))
    chosen = SignalFilter(QueryDict(query), rows, by=by)
    number = chosen.signals.filter(company__in=chosen.qs.order_by().values("company")).count()
    nothing = _("None of these reasons may be exported by you: change the filters.")
    check_export(by, number, nothing=nothing)
    audit.log_export(by=by, kind="signals", rows=number, parameters={"query": query})
    return csv_lines(_headings(), _cells(chosen.qs, chosen, by))


def _headings() -> list[Heading]:
    return [
        Heading(_("Company"), Kind.TEXT), Heading(_("INN"), Kind.TEXT), Heading(_("KAM"), Kind.TEXT),
        Heading(_("Score"), Kind.DECIMAL), Heading(_("Which reason"), Kind.TEXT), Heading(_("Evidence"), Kind.TEXT),
        Heading(_("Since"), Kind.DAY), Heading(_("Put aside until"), Kind.DAY), Heading(_("Because"), Kind.TEXT),
    ]  # fmt: skip


def _cells(rows: QuerySet[RankRow], chosen: SignalFilter, by: User) -> Iterator[list[Any]]:
    ids = list(rows.order_by("listed", "-score", "company_id").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        part = rows.in_bulk(ids[start : start + CHUNK])
        listed = [part[pk] for pk in ids[start : start + CHUNK] if pk in part]
        for group in signal_groups(listed, chosen.signals, by):
            company = group.company
            for one in group.signals:
                signal = one.signal
                yield [
                    company.name, company.inn, str(company.owner_kam or ""), group.row.score, str(one.label), one.words,
                    signal.opened_on, signal.snoozed_until, signal.snooze_reason if signal.snoozed_until else "",
                ]  # fmt: skip
