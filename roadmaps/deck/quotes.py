"""Block «What users say»: only good words with the flag «may be quoted», of people who still work there (R55)."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import ContactState, InteractionState
from accounts.models import ProductFeedback
from roadmaps.deck.needs import source_of
from roadmaps.deck.parts import Facts, Item, Subject, iso, of_items, said_by
from roadmaps.deck.spoken import people_of, speaker
from roadmaps.enums import BlockKind
from trainings.enums import TOOK_PLACE
from trainings.models import Trainee
from upsell_crm.core.clock import local_date
from upsell_crm.core.templatetags.crm import day

GOOD = Decimal(4)  # of 5: lower marks are read by us, not shown to the client


def build(subject: Subject) -> Facts:
    """Quotes, the newest first. Three statements."""
    items = sorted(
        [*_trainees(subject), *_feedback(subject)], key=lambda item: item.value["on"] or "", reverse=True
    )
    if not items:
        return Facts(
            why_empty=gettext_lazy("No words of users may be quoted: ask for consent at the next training.")
        )
    taken, sources, problems = of_items(subject, BlockKind.QUOTES, items)
    return Facts(
        {"quotes": [item.value for item in taken]}, sources, problems, items,
        "" if taken else gettext_lazy("Every quote is left out."),
    )  # fmt: skip


def _trainees(subject: Subject) -> Iterator[Item]:
    gone = Q(contact__anonymised_at__isnull=False) | Q(contact__state=ContactState.LEFT)
    people = Trainee.objects.quotable().filter(
        Q(reaction=None) | Q(reaction__gte=GOOD),
        training__company=subject.company,
        training__state__in=TOOK_PLACE,
    )
    rows = people.exclude(gone).select_related("contact", "training__product")
    for row in rows.order_by("-training__starts_at", "pk"):
        on = local_date(row.training.starts_at)
        position = (row.contact.position if row.contact else "") or row.position
        yield Item(
            key=f"trainee-{row.pk}", label=row.comment,
            value={
                "text": row.comment, "person": row.shown_name, "position": position,
                "product": row.training.product.name, "on": iso(on),
            },
            source=_("Training «%(topic)s» %(on)s, %(who)s") % {
                "topic": row.training.topic, "on": day(on), "who": row.shown_name,
            },
            url=row.training.get_absolute_url(), has_source=bool(row.shown_name),
        )  # fmt: skip


def _feedback(subject: Subject) -> Iterator[Item]:
    said = ProductFeedback.objects.filter(
        interaction__company=subject.company, interaction__state=InteractionState.HELD,
        interaction__retracted_at=None, quote_ok=True, reaction__gt=0,
    ).exclude(text="")  # fmt: skip
    rows = list(said.select_related("interaction", "product").order_by("-interaction__starts_at", "pk"))
    people = people_of([row.interaction_id for row in rows])
    for row in rows:
        contact = speaker(people, row.interaction)
        on = local_date(row.interaction.starts_at)
        yield Item(
            key=f"feedback-{row.pk}", label=row.text,
            value={"text": row.text, "product": row.product.name, "on": iso(on), **said_by(contact)},
            source=source_of(row.interaction, contact, on), has_source=contact is not None,
            url=reverse("accounts:interaction_detail", args=[row.interaction.public_id]),
        )  # fmt: skip
