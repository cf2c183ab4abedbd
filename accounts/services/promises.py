"""What stays open after a communication: objections to answer and promises to keep (R30, R31)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import ObjectionState
from accounts.models import Agreement, Company, Objection
from accounts.services.contact_strength import refresh_strengths
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action


def handle_objection(
    *, by: User, objection: Objection, state: str, how: str = "", version: int | None = None
) -> Objection:
    """Open → handled (with how) or accepted as it is; and open again. Raises NotAllowed, Stale, DomainError."""
    check_may_log(by, objection.company)
    if state == ObjectionState.HANDLED and not how.strip():
        text = _("Write how the objection was answered: it will help with other clients.")
        raise DomainError("how_needed", text, {"handled_how": [text]})
    values = {"state": state, "handled_how": how.strip() or objection.handled_how}
    with transaction.atomic():
        change(objection, values, by=by, event="handle_objection", version=version)
        announce("facts_changed", company_id=objection.company_id)
    return objection


def keep_agreement(*, by: User, agreement: Agreement) -> Agreement:
    """The promise is kept, by us or by the client; twice changes nothing. It warms the contact (§2.6)."""
    check_may_log(by, agreement.company)
    with transaction.atomic():
        kept = Agreement.objects.filter(pk=agreement.pk, done_at=None).update(done_at=clock.now())
        if kept:
            agreement.refresh_from_db(fields=["done_at"])
            audit.record("keep_agreement", agreement, by=by, company_id=agreement.company_id)
            interaction = agreement.interaction
            refresh_strengths(
                interaction.client_people.values_list("contact_id", flat=True),
                interaction.our_people.values_list("user_id", flat=True),
            )
            announce("facts_changed", company_id=agreement.company_id)
    return agreement


def check_may_log(by: User, company: Company) -> None:
    """Raises NotAllowed for who may not write down what passed between us and this client."""
    if not may(by, Action.LOG_INTERACTION, company):
        raise NotAllowed("log_interaction", _("You may not log communications of this client."))
