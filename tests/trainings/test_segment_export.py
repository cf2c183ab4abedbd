"""Files of segments: only willing people, the rest counted, every file in the log (R89, R102, story 15)."""

from io import BytesIO

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounts.enums import Consent, ContactState
from accounts.models import Contact
from tests.factories import Cast, make_company, moment
from tests.trainings.marketing_makers import make_activity, make_person
from trainings.segments import Segment
from trainings.services.audiences import take_segment
from trainings.services.segment_export import export_audience, export_segment
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import ExportLog

PERSON = st.tuples(
    st.sampled_from(Consent.values), st.sampled_from(ContactState.values), st.booleans(), st.booleans()
)


def lines_of(content) -> list[str]:  # type: ignore[no-untyped-def]
    """Rows of a CSV below its heading."""
    return b"".join(content).decode("utf-8-sig").splitlines()[1:]


@pytest.mark.slow
@given(people=st.lists(PERSON, min_size=1, max_size=8))
def test_law_the_file_is_the_segment_less_the_excluded(
    cast: Cast, people: list[tuple[str, str, bool, bool]]
) -> None:
    """R102: rows + excluded = everybody; nobody forbidden is in the file."""
    company = make_company(kam=cast.vetrov)
    for number, (consent, state, has_mail, is_anonymised) in enumerate(people):
        make_person(
            company, f"Ф{number} И", consent_mailing=consent, state=state, email="a@b.example" if has_mail else "",
            anonymised_at=moment() if is_anonymised else None,
        )  # fmt: skip
    query = f"q={company.inn}"
    counts = Segment(cast.sokolova, QueryDict(query)).counts()
    assert counts.people + counts.left_out == len(people)
    willing = {
        f"Ф{number} И"
        for number, (consent, state, has_mail, is_anonymised) in enumerate(people)
        if consent == "yes" and state != "left" and has_mail and not is_anonymised
    }
    if not willing:
        with pytest.raises(DomainError):
            export_segment(by=cast.sokolova, query=query, file_format="csv")
        return
    rows = lines_of(export_segment(by=cast.sokolova, query=query, file_format="csv").content)
    assert {row.split(";")[1] for row in rows} == willing
    log = ExportLog.objects.order_by("pk").last()
    assert (log.kind, log.rows, log.parameters["excluded"]) == ("segment", len(willing), counts.excluded)


def test_the_sheet_of_parameters_says_who_was_left_out(cast: Cast) -> None:
    """Story 15: counted, in words; no phone leaves by a segment."""
    company = make_company("Банк", kam=cast.vetrov, industry="bank")
    make_person(company, "Согласен Пётр", phone="+74951234567")
    make_person(company, "Неизвестен Пётр", consent_mailing="unknown")
    file = export_segment(by=cast.sokolova, query="industry=bank", file_format="xlsx")
    with file.content as content:
        book = CalamineWorkbook.from_filelike(BytesIO(content.read()))
    table, parameters = (book.get_sheet_by_index(n).to_python() for n in (0, 1))
    assert [row[1] for row in table] == ["ФИО", "Согласен Пётр"]
    assert "+7495" not in str(table)
    assert ["Не вошли: согласие неизвестно", "1"] in parameters
    assert ["Отрасль", "Банк"] in parameters


def test_an_audience_is_exported_as_consent_stands_now(cast: Cast) -> None:
    """R102: exports built later hold nobody who has refused since."""
    company = make_company("Банк", kam=cast.vetrov)
    make_person(company, "Первый Пётр")
    make_person(company, "Второй Иван")
    activity = make_activity(cast.sokolova)
    take_segment(activity, by=cast.sokolova, query="")
    Contact.objects.filter(last_name="Второй").update(consent_mailing="no")
    file = export_audience(activity, by=cast.sokolova, file_format="csv")
    assert [row.split(";")[1] for row in lines_of(file.content)] == ["Первый Пётр"]


@pytest.mark.parametrize("login", ["vetrov", "belova", "andreeva", "titova"])
def test_only_marketing_takes_a_segment_out(cast: Cast, login: str) -> None:
    """§3, row «Export lists»: marketing: segment."""
    with pytest.raises(NotAllowed):
        export_segment(by=getattr(cast, login), query="", file_format="csv")
