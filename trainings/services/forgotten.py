"""A person of a client who was anonymised leaves the texts of this room too (R102)."""

from collections.abc import Callable

from django.db.models import Q

from accounts.services.anonymisation import scrub_rows
from trainings.models import ExchangeSession, KnowledgeNote, Thanks
from upsell_crm.core.models import AuditEvent

OURS = ("trainings.knowledgenote", "trainings.exchangesession", "trainings.thanks")


def forget_in_texts(*, contact_id: int, company_id: int, scrub: Callable[[str], str]) -> None:
    """Reaction to `contact_anonymised`: notes, protocols, thanks and their history; any of them may name anybody."""
    scrub_rows(KnowledgeNote.objects.all(), ("title", "body", "tags"), scrub)
    scrub_rows(ExchangeSession.objects.all(), ("topic", "protocol"), scrub)
    scrub_rows(Thanks.objects.all(), ("text",), scrub)
    ours = AuditEvent.objects.filter(Q(object_type__in=OURS))
    scrub_rows(ours, ("object_label", "changes", "reason"), scrub)
    for note in KnowledgeNote.objects.order_by("pk").iterator(chunk_size=500):
        words = note.search_words()
        if words != note.search_text:
            KnowledgeNote.objects.filter(pk=note.pk).update(search_text=words)
