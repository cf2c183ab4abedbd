"""Awaited features of products: enter, correct, pass along to release or refusal (R23, R24, §2.9)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import FeatureStatus
from accounts.feature_machine import MACHINE, FeatureFacts
from accounts.models import Company, FeatureRequest, FeatureWait, Product
from accounts.queries import seats_on
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.outbox import owe
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise

FAN_OUT = "feature_fan_out"  # topic of the outbox: tasks for those who wait
TOLD_OF = (FeatureStatus.RELEASED, FeatureStatus.DECLINED)  # states that clients must hear of


def create_feature(
    *, by: User, title: str, product: Product | None, description: str = "", tracker_ref: str = "", reason: str = "",
) -> FeatureRequest:  # fmt: skip
    """A new line of the catalogue; a title stands once per product, whatever its case and quotes.

    Raises NotAllowed, DomainError.
    """
    check_may_enter(by)
    if product is None:
        text = _("Choose the product.")
        raise DomainError("no_product", text, {"product": [text]})
    if twin := find_feature(title, product):
        text = _("«%s» is in the catalogue already.") % twin
        raise DomainError("known_feature", text, {"title": [text]})
    feature = FeatureRequest(
        title=" ".join(title.split()), product=product, description=description.strip(), tracker_ref=tracker_ref.strip()
    )  # fmt: skip
    return create(feature, by=by, event="create_feature", reason=reason)


def edit_feature(feature: FeatureRequest, *, by: User, version: int, **values: Any) -> FeatureRequest:
    """Correct what it is called and does, and its planned day; raises NotAllowed, Stale, DomainError."""
    check_may_edit(by, feature)
    with transaction.atomic():
        change(feature, values, by=by, event="edit_feature", version=version)
        announce_waiting(feature)
    return feature


def move_feature(
    feature: FeatureRequest, *, to: str, by: User | None, planned_on: date | None = None,
    released_on: date | None = None, reason: str = "", version: int | None = None,
) -> FeatureRequest:  # fmt: skip
    """One step along the table. Release and refusal owe a task to the KAM of each waiting client, at once by the outbox.

    `by=None` means the job that closes what everybody has answered. Raises NotAllowed, IllegalTransition, Stale, DomainError.
    """
    facts = FeatureFacts(clock.today(), planned_on, released_on, reason)
    move = MACHINE.move_to(feature, to, by=by)
    move.guard(feature, facts)
    with transaction.atomic():
        values = {"status": to, **move.effect(feature, facts)}
        change(feature, values, by=by, event="move_feature", version=version, reason=reason.strip())
        if to in TOLD_OF:
            owe(FAN_OUT, str(feature.pk), feature_id=feature.pk)
        announce_waiting(feature)
    return feature


def announce_waiting(feature: FeatureRequest) -> None:
    """The ranking looks at all who wait anew, in one go."""
    waiting = FeatureWait.objects.filter(feature=feature).order_by("company_id")
    if ids := list(waiting.values_list("company_id", flat=True)):
        announce("facts_changed", company_ids=ids)


def check_may_enter(by: User) -> None:
    """Raises NotAllowed for who enters no features at all."""
    if not by.scopes(Action.CREATE_FEATURE) and not by.scopes(Action.SET_FEATURE):
        raise NotAllowed("create_feature", _("You may not enter awaited features."))


def check_may_edit(by: User, feature: FeatureRequest) -> None:
    """Who sets the status corrects everything; who entered a feature corrects it while it is new."""
    is_own_draft = feature.created_by_id == by.pk and feature.status == FeatureStatus.NEW
    if not by.scopes(Action.SET_FEATURE) and not is_own_draft:
        raise NotAllowed(
            "set_feature", _("The administrator corrects features that went to the product team.")
        )


def find_feature(title: str, product: Product | None = None) -> FeatureRequest | None:
    """The feature of this title, read as people read it; hundreds of titles, so they are compared here."""
    wanted = normalise(title)
    known = FeatureRequest.objects.filter(product=product) if product else FeatureRequest.objects.all()
    titles = known.order_by("-pk").values_list("pk", "title")
    found = next((pk for pk, name in titles if normalise(name) == wanted), None)
    return FeatureRequest.objects.select_related("product").get(pk=found) if found else None


def main_product(company: Company) -> Product | None:
    """Where the client has most seats; else the first product that has seats at all."""
    seats = seats_on([company.pk], clock.today()).get(company.pk, {})
    products = Product.objects.filter(active=True)
    if seats:
        return products.filter(pk=max(seats, key=lambda pk: (seats[pk], -pk))).first()
    return products.order_by("pk").first()
