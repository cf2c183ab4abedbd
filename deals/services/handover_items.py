"""The checklist of a handover: filled by the old KAM, accepted line by line by the new one (§2.11, R61)."""

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from deals.enums import HandoverState
from deals.handover_machine import leads
from deals.handover_mode import suggestion_words
from deals.handover_sheets import sheets_of
from deals.models import ChecklistItem, Handover, HandoverItem
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import User

TEXT_MAX = 5000
ACCEPTING = (HandoverState.ACCEPTED, HandoverState.INTRO)


def make_items(handover: Handover) -> None:
    """The lines in use today, with their words of today, filled from the dossier where it knows the answer."""
    lines = ChecklistItem.objects.filter(place=ChecklistItem.HANDOVER, active=True)
    known = _prefilled(handover)
    HandoverItem.objects.bulk_create(
        HandoverItem(
            handover=handover, code=line.code, text_ru=line.text_ru, text_en=line.text_en,
            filled=known.get(line.code, "")[:TEXT_MAX],
        )
        for line in lines
    )  # fmt: skip


def _prefilled(handover: Handover) -> dict[str, str]:
    sheets = sheets_of(handover.dossier, with_money=False, with_people=True)
    texts = {sheet.code: sheet.text or str(_("none")) for sheet in sheets}
    why = suggestion_words(handover.suggested_mode, handover.suggested_facts, handover.from_user)
    texts["intro"] = f"{capfirst(handover.get_mode_display())}. {handover.mode_reason or why}"
    return texts


def vouch_for_items(handover: Handover, *, by: User) -> None:
    """Who proposes the handover has read what the dossier wrote into the checklist."""
    unsigned = handover.items.filter(filled_at=None).exclude(filled="")
    unsigned.update(filled_by=by, filled_at=clock.now())


def fill_item(item: HandoverItem, *, text: str, by: User, revision: int | None = None) -> HandoverItem:
    """The old KAM, or his lead, writes what the new one must know; a line that changes is accepted anew."""
    check_may_fill(by, item.handover)
    words = text.strip()
    if not words or len(words) > TEXT_MAX:
        problem = (
            _("Write at least a word: «none» is an answer too.") if not words else _("The text is too long.")
        )
        raise DomainError("filled", problem, {"filled": [problem]})
    with transaction.atomic():
        values = {"filled": words, "filled_by": by, "filled_at": clock.now(), "accepted_at": None}
        _write(item, values, revision, by=by, event="fill_handover_item", texts=[item.filled, words])
    return item


def check_may_fill(by: User, handover: Handover) -> None:
    """The old KAM, or the lead, while the handover runs; raises NotAllowed, DomainError."""
    if by.pk != handover.from_user_id and not leads(by, handover):
        raise NotAllowed("not_allowed", _("The old KAM or the lead fills the checklist."))
    if not handover.is_open:
        raise DomainError("closed", _("This handover is over."))


def accept_item(item: HandoverItem, *, by: User, revision: int | None = None) -> HandoverItem:
    """The new KAM has read and understood this line; of a text that changed meanwhile he is told."""
    handover = item.handover
    if by.pk != handover.to_user_id:
        raise NotAllowed("not_allowed", _("The new KAM accepts the checklist."))
    if handover.state not in ACCEPTING:
        raise DomainError("not_accepting", _("Accept the handover first; then its lines one by one."))
    if item.filled_at is None:
        raise DomainError("not_filled", _("This line is not filled yet."))
    if item.accepted_at is None:
        with transaction.atomic():
            _write(
                item,
                {"accepted_at": clock.now()},
                revision,
                by=by,
                event="accept_handover_item",
                texts=[None, item.text],
            )
    return item


def _write(
    item: HandoverItem, values: dict[str, object], revision: int | None, *, by: User, event: str, texts: list[object]
) -> None:  # fmt: skip
    """By compare-and-swap on the revision of the text that the person saw, with a line of history."""
    seen = item.revision if revision is None else revision
    if "filled" in values:
        values = {**values, "revision": seen + 1}
    if not HandoverItem.objects.filter(pk=item.pk, revision=seen).update(**values):
        raise Stale("version_mismatch", _("Somebody else has changed this line meanwhile."))
    for name, value in values.items():
        setattr(item, name, value)
    audit.record(event, item.handover, by=by, changes={item.code: texts}, company_id=item.handover.company_id)
