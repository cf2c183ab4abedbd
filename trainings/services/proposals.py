"""Offering a training to a client whose people use the product badly: a task of its KAM, once (§6.6)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may as may_on_company
from accounts.calendar import load_calendar
from accounts.enums import TaskOrigin
from accounts.models import Company, Product
from accounts.services.tasks import create_task
from trainings.models import TrainingProposal
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

DAYS = 3  # working days for the KAM


def propose_training(
    *, by: User, company: Company, product: Product, index: int | None, comment: str = ""
) -> TrainingProposal:
    """The KAM gets a task to offer the client a training on this product; once a quarter for each of both.

    `index` is the one of the day, 0–100, kept to see later whether it helped. Raises NotAllowed, DomainError.
    """
    if not may_on_company(by, Action.PLAN_TRAINING, company):
        raise NotAllowed("not_allowed", _("You may not plan trainings with this client."))
    if company.owner_kam is None:
        raise DomainError("no_kam", _("The client has no responsible KAM. Assign one first."))
    if TrainingProposal.objects.running().filter(company=company, product=product).exists():
        raise DomainError(
            "proposed", _("A training on this product is being offered to this client already.")
        )
    today = clock.today()
    shown = _("no trainings in a year") if not index else _("index %(n)d of 100") % {"n": index}
    with transaction.atomic():
        task = create_task(
            by=by, company=company, assignee=company.owner_kam, receiver=by, origin=TaskOrigin.TRAINING,
            title=_("Offer a training on %(product)s (%(why)s)") % {"product": product, "why": shown},
            due_on=load_calendar().add(today, DAYS), expected_result=comment.strip() or _("A date of the training, or the client's reason against it."),
            dedupe_key=proposal_key(company, product, today),
        )  # fmt: skip
        return TrainingProposal.objects.create(
            company=company, product=product, task=task, index_then=index, proposed_by=by
        )


def proposal_key(company: Company, product: Product, day: date) -> str:
    """Once a quarter, whoever asks twice."""
    return f"training:{company.pk}:{product.pk}:{day:%Y}-{(day.month - 1) // 3 + 1}"
