"""The outcome form sets the approval of a document in the same save (R32)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Interaction
from accounts.services.interactions import log_interaction, retract_interaction
from accounts.services.outcome import Outcome
from deals.enums import Approval
from deals.models import Document
from deals.services.account_members import refresh_account_members
from tests.factories import Cast, T, make_company, make_contact, make_deal, make_document, make_member, moment
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

S = Approval


@pytest.fixture
def document(cast: Cast) -> Document:
    """With the client; Ким is its closer."""
    deal = make_deal(make_company("АО «Гранит»", kam=cast.lisina))
    make_member(deal, cast.kim, Role.CLOSER)
    refresh_account_members([deal])
    return make_document(deal, S.CLIENT_REVIEW)


def log(by: User, document: Document, **context: str) -> Interaction:
    company = document.deal.company
    outcome = Outcome(
        kind="call", starts_at=moment(T, 0), summary="Юристы согласовали", attendees=[make_contact(company)],
        next_step="Подписать", next_step_on=T,
    )  # fmt: skip
    return log_interaction(by=by, company=company, outcome=outcome, context=context)


def test_one_save_records_the_talk_and_moves_the_document(cast: Cast, document: Document) -> None:
    """R32: through its machine with the same checks; taking the record back does not move it again."""
    interaction = log(cast.kim, document, document_move=f"{document.public_id}:agreed")
    document.refresh_from_db()
    assert document.approval == S.AGREED and document.steps.count() == 2
    retract_interaction(by=cast.kim, interaction=interaction)
    document.refresh_from_db()
    assert document.approval == S.AGREED


@pytest.mark.parametrize("said", ["{0}:disagreement", "{0}:signed", "{0}:", "nothing", "{0}:internal"])
def test_a_refused_move_refuses_the_whole_save(cast: Cast, document: Document, said: str) -> None:
    """A protocol without words, a move outside the table, no document: nothing at all is written."""
    with pytest.raises(DomainError):
        log(cast.kim, document, document_move=said.format(document.public_id))
    document.refresh_from_db()
    assert document.approval == S.CLIENT_REVIEW and not Interaction.objects.exists()


def test_a_document_of_another_client_is_not_moved(cast: Cast, document: Document) -> None:
    other = make_document(make_deal(make_company(kam=cast.lisina)), S.DRAFT)
    with pytest.raises(DomainError):
        log(cast.lisina, document, document_move=f"{other.public_id}:internal")


def test_the_form_offers_what_the_person_may_do(
    cast: Cast, document: Document, client_of: Callable[[User], Client]
) -> None:
    """The slot lists moves with words in one field; nobody is offered what the machine refuses him."""
    url = f"/companies/{document.deal.company.public_id}/"
    page: Any = client_of(cast.kim).get(f"{url}outcome-documents/?document_move={document.public_id}:agreed")
    text = page.content.decode()
    assert (
        f'value="{document.public_id}:agreed" selected' in text
        and f"{document.public_id}:disagreement" in text
    )
    assert ":cancelled" not in text
    assert "<select" not in client_of(cast.lisina).get(f"{url}outcome-documents/").content.decode()
    assert (
        "outcome-documents"
        in client_of(cast.kim).get(f"/companies/{document.deal.company.public_id}/outcome/").content.decode()
    )
