"""Scope A is everything: a right of any other kind that is or-ed with it never narrows it (§3)."""

from typing import Any

import pytest
from django.db.models import Q

from accounts.access import within_reach
from accounts.models import Contact, Task
from deals.access import deals_within_reach
from deals.models import Deal, Document, DocumentRequest, Handover
from tests.factories import Cast, T, make_company, make_contact, make_deal, make_document
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope

REACHES = [
    (Document, Action.SEE_DOCUMENT), (DocumentRequest, Action.SEE_DOCUMENT), (Handover, Action.SEE_DEAL),
    (Contact, Action.SEE_CONTACTS), (Task, Action.SEE_COMPANY),
]  # fmt: skip


@pytest.fixture
def world(cast: Cast) -> Deal:
    """One of each with a client of Лисина: nobody else has any part in it."""
    company = make_company(kam=cast.lisina)
    deal = make_deal(company)
    document = make_document(deal)
    DocumentRequest.objects.create(
        deal=deal, document=document, queue="legal", requester=cast.lisina, due_on=T
    )
    Handover.objects.create(
        company=company,
        from_user=cast.lisina,
        to_user=cast.vetrov,
        reason="rotation",
        mode="three_way",
        suggested_mode="three_way",
    )
    make_contact(company)
    Task.objects.create(company=company, title="Дело", assignee=cast.lisina, due_on=T)
    return deal


@pytest.mark.parametrize(("model", "action"), REACHES)
def test_who_may_see_all_sees_all(cast: Cast, world: Deal, model: Any, action: Action) -> None:
    """§3, A: everybody whose scope is «all» sees every row; among them are the head or the administrator."""
    everywhere = [user for user in User.objects.all() if Scope.ALL in user.scopes(action)]
    assert {user.username for user in everywhere} & {"andreeva", "admin"}
    for user in everywhere:
        assert set(model.objects.visible_to(user)) == set(model.objects.all()), user
        assert model.objects.exists()


def test_all_joined_to_something_is_still_all(cast: Cast, world: Deal) -> None:
    """`Q() | x` is x; what stands for «all» is not, and leaves nothing in the SQL."""
    head = User.objects.get(username="andreeva")
    nobody = Q(pk=0)
    every = deals_within_reach(head, Action.SEE_DEAL)
    assert list(Deal.objects.filter(nobody | every)) == [world]
    assert Contact.objects.filter(nobody | within_reach(head, Action.SEE_COMPANY, "company__")).exists()
    assert "WHERE" not in str(Deal.objects.filter(every).query)
