"""The presentation as it would be today: blocks in order with their facts, what forbids them, and the data of the slides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.fact_states import by_fact, fact_states
from deals.models import Deal
from roadmaps.deck import (
    court_load,
    features,
    free,
    justification,
    needs,
    offer,
    quotes,
    schedule,
    trainings,
    usage,
)
from roadmaps.deck.parts import Facts, Problem, Subject
from roadmaps.enums import BlockKind
from roadmaps.models import Plan, Presentation
from upsell_crm.core.parameters import parameter

SCHEMA = 1
READERS: dict[BlockKind, Callable[[Subject], Facts]] = {
    BlockKind.NEEDS: needs.build, BlockKind.QUOTES: quotes.build, BlockKind.USAGE: usage.build,
    BlockKind.COURT_LOAD: court_load.build, BlockKind.TRAININGS: trainings.build,
    BlockKind.FEATURES: features.build, BlockKind.OFFER: offer.build, BlockKind.SCHEDULE: schedule.build,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it was chosen, with what it says now."""

    kind: BlockKind
    is_on: bool
    title: str
    text: str
    facts: Facts
    left_out: frozenset[str] = field(default_factory=frozenset)

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def is_empty(self) -> bool:
        """Neither facts nor words of the KAM."""
        return self.facts.is_empty and not self.text.strip()

    @property
    def problems(self) -> list[Problem]:
        """What forbids it; a block that is off uses nothing."""
        return self.facts.problems if self.is_on else []

    @property
    def choices(self) -> list[tuple[Any, bool]]:
        """(item, whether it goes to the slide)."""
        return [(item, item.key not in self.left_out) for item in self.facts.items]


@dataclass(frozen=True, slots=True)
class Deck:
    """All blocks in the order of the slides."""

    presentation: Presentation
    today: date
    blocks: list[Block]

    @property
    def refused(self) -> dict[str, list[str]]:
        """Block → why it may not be used, in the words of the reader; {} when the presentation may be built."""
        return {
            str(block.kind): [one.text for one in block.problems] for block in self.blocks if block.problems
        }

    def snapshot(self) -> dict[str, Any]:
        """What goes to the slides, in JSON types and in their language. No statement."""
        presentation = self.presentation
        with translation.override(presentation.language):
            return {
                **cover(presentation, self.today),
                "blocks": [_shown(one) for one in self.blocks if _goes(one)],
            }


def look(presentation: Presentation, today: date) -> Deck:
    """Read every block, those that are off too, in a constant number of statements."""
    with translation.override(presentation.language):
        subject = subject_of(presentation.plan, today, presentation.blocks)
        facts = {str(kind): read(subject) for kind, read in READERS.items()}
        used = {
            one["kind"]: facts[one["kind"]]
            for one in presentation.blocks
            if one["is_on"] and one["kind"] in facts
        }
        facts[BlockKind.JUSTIFICATION] = justification.build(subject, used)
    blocks = []
    for one in presentation.blocks:
        kind = BlockKind(one["kind"])
        said = facts.get(kind) or free.build(subject, one["text"], presentation.get_absolute_url())
        blocks.append(
            Block(kind, one["is_on"], one["title"], one["text"], said, frozenset(one.get("left_out", ())))
        )
    return Deck(presentation, today, blocks)


def subject_of(plan: Plan, today: date, blocks: list[dict[str, Any]]) -> Subject:
    """The plan, its deal and client, and how fresh the facts are. Four statements."""
    states = by_fact(fact_states(plan.company_id, today))
    left_out = {one["kind"]: frozenset(one.get("left_out", ())) for one in blocks}
    return Subject(
        plan=plan, deal=plan.deal, company=plan.deal.company, today=today, states=states,
        valid_days=parameter("valid_days"), left_out=left_out,
    )  # fmt: skip


def cover(presentation: Presentation, today: date) -> dict[str, Any]:
    """The first slide: whose presentation it is, for whom, of which day."""
    deal = presentation.plan.deal
    company, author = deal.company, deal.responsible_kam
    return {
        "schema": SCHEMA, "language": presentation.language, "as_of": today.isoformat(), "number": presentation.number,
        "title": presentation.title, "subtitle": _("What has been done together, and the terms of the new contract"),
        "client": {"name": company.name, "short_name": company.short_name or company.name},
        "author": {"name": str(author), "role": _("Your account manager"), "phone": "", "email": author.email},
        "vendor": settings.VENDOR, "deal": deal_facts(deal),
    }  # fmt: skip


def deal_facts(deal: Deal) -> Mapping[str, Any]:
    """What of the deal is compared later with the numbers that were frozen. One statement."""
    lines = deal.lines.select_related("product", "end_user_company").order_by("product__position", "pk")
    return {
        "amount": f"{deal.amount:.2f}", "target_date": deal.target_date.isoformat(),
        "lines": [
            {
                "product": line.product.name, "company": str(line.end_user_company or ""), "seats": line.seats_new,
                "amount": f"{line.amount:.2f}",
            }
            for line in lines
        ],
    }  # fmt: skip


def _goes(block: Block) -> bool:
    return block.is_on and not block.is_empty


def _shown(block: Block) -> dict[str, Any]:
    return {
        "kind": str(block.kind), "title": block.title, "text": block.text, "data": block.facts.data,
        "sources": block.facts.sources,
    }  # fmt: skip
