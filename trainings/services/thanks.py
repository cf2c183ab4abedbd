"""«Спасибо» for a note or for work in a deal; the team sees it (R94)."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from deals.models import Deal, DealMember
from trainings.models import KnowledgeNote, Thanks
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User

UNDO_WINDOW = timedelta(minutes=10)


def thank_for_note(note: KnowledgeNote, *, by: User, text: str = "") -> Thanks:
    """To its author; the caller sees the note. Raises DomainError for one's own and for the second time."""
    return _give(Thanks(note=note, from_user=by, to_user=note.author, text=text.strip()), company_id=None)


def thank_for_deal(deal: Deal, *, by: User, to_user: User, text: str = "") -> Thanks:
    """To somebody who works or worked in the group of the deal. Raises DomainError."""
    if not DealMember.objects.filter(deal=deal, user=to_user).exists():
        words = _("%s is not in the working group of this deal.") % to_user
        raise DomainError("not_member", words, {"to_user": [words]})
    return _give(
        Thanks(deal=deal, from_user=by, to_user=to_user, text=text.strip()), company_id=deal.company_id
    )


def take_thanks_back(thanks: Thanks, *, by: User) -> None:
    """«Отменить» within ten minutes, by who gave them."""
    if thanks.from_user_id != by.pk:
        raise NotAllowed("not_author", _("Only who said thanks takes it back."))
    if clock.elapsed_since(thanks.created_at) > UNDO_WINDOW:
        raise NotAllowed("too_late", _("Thanks are taken back within ten minutes."))
    with transaction.atomic():
        audit.record("take_thanks_back", thanks, by=by)
        thanks.delete()


def _give(thanks: Thanks, *, company_id: int | None) -> Thanks:
    if thanks.from_user_id == thanks.to_user_id:
        raise DomainError("oneself", _("Thank a colleague, not yourself."))
    try:
        with transaction.atomic():
            thanks.save(force_insert=True)
            audit.record("give_thanks", thanks, by=thanks.from_user, company_id=company_id)
    except IntegrityError as problem:
        raise DomainError("thanked", _("You have said thanks for this already.")) from problem
    return thanks
