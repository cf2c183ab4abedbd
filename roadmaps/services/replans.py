"""A fact has changed under a plan: what was built on the old one is looked at again (R47, R48, product.md §1.6)."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Company, Contact
from accounts.services.companies import ancestor_ids
from deals.enums import DealKind
from roadmaps.models import Plan, PlanTask, ReplanItem
from roadmaps.services.plans import check_may_edit
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User

LONGEST = 300  # characters of the words of an item
ONE_DAY = timedelta(days=1)


def note_changed_fact(
    *, company: Company, fact: str, contact: Contact | None, what: str, old: str, new: str, by: User
) -> None:  # fmt: skip
    """Reaction to `fact_changed`: each open plan that has tasks gets one item with those built on the old fact.

    Plans of the client itself, and holding plans whose tasks are about this client. The same change within one day
    makes no second item. Three statements and some per item.
    """
    plans = list(_plans_over(company).select_related("deal__company"))
    open_tasks = _open_tasks(plans)
    for plan in plans:
        own = plan.company_id == company.pk
        touched = [
            link
            for link in open_tasks[plan.pk]
            if fact in link.built_on and (own or link.task.company_id == company.pk)
        ]
        if touched or (own and open_tasks[plan.pk]):
            _note(
                plan, fact, {"what": what[:LONGEST], "old": old[:LONGEST], "new": new[:LONGEST]}, touched, by
            )


def settle_replan(
    item: ReplanItem, *, by: User, is_plan_changed: bool, words: str, version: int | None = None
) -> None:  # fmt: skip
    """«План не меняется» with a reason, or «исправлено» with what was done. Raises NotAllowed, Stale, DomainError."""
    check_may_edit(by, item.plan)
    if item.resolved_at is not None:
        raise DomainError("settled", _("Somebody has settled this change already."))
    if not words.strip():
        text = _("Write what follows for the plan.")
        raise DomainError("no_reason", text, {"words": [text]})
    verdict = _("The plan was changed: %s") if is_plan_changed else _("The plan stays: %s")
    values = {
        "resolved_at": clock.now(),
        "resolved_by": by,
        "resolution": (verdict % words.strip())[:LONGEST],
    }
    with transaction.atomic():
        change(item, values, by=by, event="settle_replan", version=version, reason=words.strip())


def take_back_settling(item: ReplanItem, *, by: User) -> None:
    """«Отменить»: the change waits for an answer again."""
    check_may_edit(by, item.plan)
    values = {"resolved_at": None, "resolved_by": None, "resolution": ""}
    with transaction.atomic():
        change(item, values, by=by, event="reopen_replan")


def _plans_over(company: Company) -> QuerySet[Plan]:
    above = ancestor_ids(company)[1:]
    holding = Q(deal__kind=DealKind.HOLDING, deal__company__in=above)
    return Plan.objects.open().filter(Q(deal__company=company) | holding).order_by("pk")


def _open_tasks(plans: list[Plan]) -> dict[int, list[PlanTask]]:
    found: dict[int, list[PlanTask]] = defaultdict(list)
    for link in PlanTask.objects.filter(plan__in=plans).open().select_related("task").order_by("pk"):
        found[link.plan_id].append(link)
    return found


def _note(plan: Plan, fact: str, words: dict[str, str], touched: list[PlanTask], by: User) -> None:
    """One item; told twice within a day it only gets the tasks that were added meanwhile."""
    item = ReplanItem.objects.filter(plan=plan, fact=fact, **words).first()
    if item is None or clock.elapsed_since(item.created_at) > ONE_DAY:
        item = create(ReplanItem(plan=plan, fact=fact, **words), by=by, event="change_fact")
    item.tasks.add(*touched)
