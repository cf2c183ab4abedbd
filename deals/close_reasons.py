"""Why deals end: which reasons are allowed, and when a late start is one of them (domain.md §2.7, R84)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Interaction
from deals.enums import LOST_REASONS, WON_REASONS, CloseReason
from deals.models import Deal
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError

OTHERS_MAX = 2
COMMENT_MAX = 2000
BIG_LOSS = Decimal(500_000)  # ₽, from here on the lead confirms a loss (§2.9)


def check_loss(main: str, others: Sequence[str], comment: str) -> None:
    """Exactly one main reason, at most two others; «other» is said in words. Raises DomainError."""
    errors: dict[str, list[str]] = {}
    if main not in LOST_REASONS:
        errors["main_reason"] = [_("Choose the main reason of the loss.")]
    if len(set(others)) > OTHERS_MAX or set(others) - set(LOST_REASONS):
        errors["other_reasons"] = [_("At most two further reasons of the list.")]
    if CloseReason.OTHER in (main, *others) and not comment.strip():
        errors["comment"] = [_("Write what the other reason was.")]
    if len(comment) > COMMENT_MAX:
        errors["comment"] = [_("At most %d characters.") % COMMENT_MAX]
    if errors:
        raise DomainError("close_reasons", _("Please correct the marked fields."), errors)


def check_win(main: str, others: Sequence[str]) -> None:
    """One to three reasons of a win; raises DomainError."""
    errors: dict[str, list[str]] = {}
    if main not in WON_REASONS:
        errors["main_reason"] = [_("Choose the main reason of the win.")]
    if len(set(others)) > OTHERS_MAX or set(others) - set(WON_REASONS):
        errors["other_reasons"] = [_("At most two further reasons of the list.")]
    if errors:
        raise DomainError("close_reasons", _("Please correct the marked fields."), errors)


def needs_lead_to_lose(deal: Deal) -> bool:
    """A big deal, or one of a key client, is given up only with the lead's consent (§2.9)."""
    return deal.amount >= BIG_LOSS or deal.company.is_key


def is_late_start(deal: Deal, today: date) -> bool:
    """The first held talk of the deal came after the act-by date of its opening, or has not come at all."""
    act_by = deal.act_by_at_opening
    if act_by is None:
        return False
    held = Interaction.objects.held().filter(deal_links__deal=deal)
    first = held.order_by("starts_at").values_list("starts_at", flat=True).first()
    return (clock.local_date(first) or today) > act_by
