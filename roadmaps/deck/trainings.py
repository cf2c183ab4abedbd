"""Block «Trainings»: what the client's people were taught within a year, and with what result (R57)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Product
from roadmaps.deck.parts import Facts, Subject
from trainings.index import index
from trainings.models import Training
from trainings.queries import HeldTraining, counting_on, read_held
from upsell_crm.core.templatetags.crm import day


def build(subject: Subject) -> Facts:
    """Trainings of a year, oldest first, with the index of §4.3. Two statements."""
    held = list(read_held(counting_on(subject.today, Training.objects.filter(company=subject.company))))
    if not held:
        return Facts(why_empty=gettext_lazy("No training was held within a year."))
    products = Product.objects.in_bulk({one.product_id for one in held})
    value = index([one.facts for one in held], subject.today)
    data = {
        "trainings": [_row(one, products[one.product_id]) for one in held],
        "people": sum(one.facts.attended for one in held),
        "index": None if value is None else _shown(value, "0.01"),
    }
    sources = [
        _("Training «%(topic)s» %(on)s") % {"topic": one.facts.topic, "on": day(one.facts.held_on)}
        for one in held
    ]
    return Facts(data, sources)


def _row(one: HeldTraining, product: Product) -> dict[str, Any]:
    facts = one.facts
    return {
        "topic": facts.topic, "product": product.name, "on": facts.held_on.isoformat(), "invited": facts.invited,
        "attended": facts.attended, "test": None if facts.test is None else _shown(facts.test, "1"),
        "reaction": None if facts.reaction is None else _shown(facts.reaction, "0.1"),
    }  # fmt: skip


def _shown(value: Decimal, step: str) -> str:
    return str(value.quantize(Decimal(step), ROUND_HALF_UP))
