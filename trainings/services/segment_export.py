"""A segment or an audience as a file: only people with consent, the others counted, always logged (R89, R102, §3)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Contact
from trainings.models import MarketingActivity
from trainings.segments import MAY_BE_INVITED, Counts, Segment, counts_of
from upsell_crm.core import audit, clock
from upsell_crm.core.access import require
from upsell_crm.core.errors import DomainError
from upsell_crm.core.exports import CONTENT_TYPES, File, Heading, Kind, check_format, csv_lines, xlsx_file
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

CHUNK = 1_000


def export_segment(*, by: User, query: str, file_format: str) -> File:
    """The people behind an address of the segment page. Raises NotAllowed, DomainError."""
    require(by, Action.RUN_MARKETING)
    segment = Segment(by, QueryDict(query))
    segment.check()
    words = list(segment.filter.narrowed_by.items())
    return _written(by, segment.contacts, file_format, words, {"query": query})


def export_audience(activity: MarketingActivity, *, by: User, file_format: str) -> File:
    """The people of an activity, less those who may not be written to by now. Raises NotAllowed, DomainError."""
    require(by, Action.RUN_MARKETING)
    people = Contact.objects.filter(touches__activity=activity)
    words = [(_("Activity"), activity.title)]
    return _written(by, people, file_format, words, {"activity": str(activity.public_id)})


def _written(
    by: User, contacts: QuerySet[Contact], file_format: str, words: list[tuple[str, str]], source: dict[str, str]
) -> File:  # fmt: skip
    check_format(file_format)
    counts = counts_of(contacts)
    if not counts.people:
        raise DomainError(
            "nothing_to_export", _("Nobody here has given consent: there is nothing to export.")
        )
    audit.log_export(
        by=by, kind="segment", rows=counts.people,
        parameters={**source, "format": file_format, "excluded": counts.excluded},
    )  # fmt: skip
    name = f"segment-{clock.today()}.{file_format}"
    rows = _cells(contacts.filter(MAY_BE_INVITED))
    if file_format == "csv":
        return File(name, CONTENT_TYPES["csv"], csv_lines(_headings(), rows))
    content, _rows = xlsx_file(
        _headings(), rows, sheet=_("Segment"), parameters=_parameters(by, counts, words)
    )
    return File(name, CONTENT_TYPES["xlsx"], content)


def _headings() -> list[Heading]:
    labels = ("№", _("Full name"), _("Position"), _("E-mail"), _("Company"), _("INN"), _("Industry"))
    return [Heading(label, Kind.INTEGER if label == "№" else Kind.TEXT) for label in labels]


def _cells(people: QuerySet[Contact]) -> Iterator[list[Any]]:
    """In flat memory, in the order of companies."""
    ordered = people.select_related("company").order_by("company__sort_name", "last_name", "first_name", "pk")
    for number, person in enumerate(ordered.iterator(chunk_size=CHUNK), start=1):
        company = person.company
        yield [
            number, person.full_name, person.position, person.email, company.name, company.inn,
            company.get_industry_display(),
        ]  # fmt: skip


def _parameters(by: User, counts: Counts, words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (_("Author of the file"), str(by)),
        (_("Exported"), date_format(timezone.localtime(clock.now()), "SHORT_DATETIME_FORMAT")),
        (_("People with consent"), str(counts.people)),
        *((_("Left out: %s") % reason, str(number)) for reason, number in counts.lines),
        *words,
    ]
