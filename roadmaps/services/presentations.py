"""The presentation while it is written: made in one click, blocks switched, ordered and worded (R53–R58)."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from roadmaps.access import may
from roadmaps.deck.snapshot import Deck, look
from roadmaps.enums import BlockKind, PresentationState
from roadmaps.models import Plan, Presentation
from roadmaps.services.plans import check_not_ended
from roadmaps.services.revisions import lock_plan
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

LANGUAGES = ("ru", "en")
TITLE_MAX, TEXT_MAX = 120, 4_000  # characters: more does not fit a slide
IN_WORK = (PresentationState.DRAFT, PresentationState.REVIEW)


def create_presentation(plan: Plan, *, by: User, language: str = "ru") -> Presentation:
    """One click: every block that has something to say is on, lines without a source are left out (R53).

    Raises NotAllowed, DomainError (`in_work` when a version is being written).
    """
    check_may_write(by, plan)
    with transaction.atomic():
        presentation = _next(plan, language)
        with translation.override(presentation.language):
            presentation.title = (_("%s: what works and what we offer") % plan.deal.company)[:TITLE_MAX]
        presentation.blocks = all_blocks(presentation.language)
        presentation.blocks = first_blocks(look(presentation, clock.today()))
        return create(presentation, by=by, event="create_presentation")


def all_blocks(language: str) -> list[dict[str, Any]]:
    """Every block on, in the order of a new presentation, under its own heading."""
    return [
        {"kind": str(kind), "is_on": True, "title": _label(kind, language), "text": "", "left_out": []}
        for kind in BlockKind
    ]


def first_blocks(deck: Deck) -> list[dict[str, Any]]:
    """Blocks that say something are on; of their lines those that have a source."""
    blocks = []
    for block in deck.blocks:
        unsourced = [item.key for item in block.facts.items if not item.has_source]
        has_lines = not block.facts.items or len(unsourced) < len(block.facts.items)
        blocks.append(
            {
                "kind": str(block.kind), "is_on": not block.is_empty and has_lines, "title": block.title, "text": "",
                "left_out": unsourced,
            }
        )  # fmt: skip
    return blocks


def new_version(presentation: Presentation, *, by: User) -> Presentation:
    """A draft with the blocks and words of an earlier version and the numbers of today. Raises NotAllowed, DomainError."""
    plan = presentation.plan
    check_may_write(by, plan)
    with transaction.atomic():
        draft = _next(plan, presentation.language)
        draft.title, draft.blocks = presentation.title, [dict(block) for block in presentation.blocks]
        return create(draft, by=by, event="renew_presentation")


def rename_presentation(
    presentation: Presentation, values: dict[str, Any], *, by: User, version: int | None = None
) -> None:
    """The title and the language of the slides; titles of blocks that nobody has changed follow the language."""
    check_is_draft(by, presentation)
    title, language = (
        values.get("title", presentation.title).strip(),
        values.get("language", presentation.language),
    )
    if language not in LANGUAGES:
        raise DomainError("unknown_language", _("Slides are in Russian or in English."))
    blocks = [
        {**block, "title": _label(block["kind"], language)} if block["title"] == _label(block["kind"], presentation.language) else block
        for block in presentation.blocks
    ]  # fmt: skip
    was = {"title": [presentation.title, title], "language": [presentation.language, language]}
    _write(
        presentation, {"title": title, "language": language, "blocks": blocks}, was, by=by, version=version
    )


def edit_block(
    presentation: Presentation, kind: str, *, by: User, version: int | None = None, is_on: bool | None = None,
    title: str | None = None, text: str | None = None, left_out: Collection[str] | None = None,
) -> None:  # fmt: skip
    """Switch a block, word it, choose its lines; what is not given stays. Raises NotAllowed, Stale, DomainError."""
    check_is_draft(by, presentation)
    block = _block(presentation, kind)
    said = {
        "is_on": is_on,
        "title": title,
        "text": text,
        "left_out": None if left_out is None else sorted(left_out),
    }
    values = {name: value for name, value in said.items() if value is not None}
    _check_words(values)
    if title is not None:
        values["title"] = title.strip() or _label(kind, presentation.language)
    blocks = [{**one, **values} if one["kind"] == kind else one for one in presentation.blocks]
    label = BlockKind(kind).label
    old, new = ({name: one.get(name) for name in values} for one in (block, {**block, **values}))
    _write(presentation, {"blocks": blocks}, {str(label): [_words(old), _words(new)]}, by=by, version=version)


def move_block(
    presentation: Presentation, kind: str, *, by: User, to: int, version: int | None = None
) -> None:
    """Put a block to the place `to` (0 = first); beyond an end it stands at the end."""
    check_is_draft(by, presentation)
    block = _block(presentation, kind)
    others = [one for one in presentation.blocks if one["kind"] != kind]
    place, was = max(0, min(to, len(others))), presentation.blocks.index(block)
    others.insert(place, block)
    label = str(BlockKind(kind).label)
    _write(presentation, {"blocks": others}, {label: [was + 1, place + 1]}, by=by, version=version)


def check_may_write(by: User, plan: Plan) -> None:
    """Whoever may change the plan, while it is open. Raises NotAllowed, DomainError."""
    if not may(by, Action.EDIT_PLAN, plan):
        raise NotAllowed("not_allowed", _("You may not change the presentation of this deal."))
    check_not_ended(plan)


def check_is_draft(by: User, presentation: Presentation) -> None:
    """Only a draft is edited: what was sent never changes (R58)."""
    check_may_write(by, presentation.plan)
    if presentation.state == PresentationState.REVIEW:
        raise DomainError("in_review", _("The presentation is with the lead: take it back to change it."))
    if presentation.is_frozen:
        raise DomainError("frozen", _("This version is frozen: make a new one to change it."))


def _next(plan: Plan, language: str) -> Presentation:
    """The next number belongs to one; call in a transaction."""
    lock_plan(plan.pk)
    if Presentation.objects.filter(plan=plan, state__in=IN_WORK).exists():
        raise DomainError("in_work", _("A version of the presentation is being written already."))
    last = Presentation.objects.filter(plan=plan).order_by("-number").values_list("number", flat=True).first()
    return Presentation(
        plan=plan, number=(last or 0) + 1, language=language if language in LANGUAGES else "ru"
    )


def _label(kind: str, language: str) -> str:
    with translation.override(language):
        return str(BlockKind(kind).label)


def _block(presentation: Presentation, kind: str) -> dict[str, Any]:
    found = next((one for one in presentation.blocks if one["kind"] == kind), None)
    if found is None:
        raise DomainError("no_block", _("The presentation has no such block."))
    return found


def _check_words(values: dict[str, Any]) -> None:
    limits = {"title": TITLE_MAX, "text": TEXT_MAX}
    errors = {
        name: [_("At most %s characters.") % limit]
        for name, limit in limits.items()
        if len(values.get(name, "")) > limit
    }
    if errors:
        raise DomainError("too_long", _("Please correct the marked fields."), errors)


def _words(values: dict[str, Any]) -> str:
    """A state of a block in words, for the history."""
    said = []
    if "is_on" in values:
        said.append(_("on") if values["is_on"] else _("off"))
    said += [str(values[name]) for name in ("title", "text") if values.get(name)]
    if values.get("left_out"):
        said.append(_("lines left out: %s") % len(values["left_out"]))
    return " · ".join(said)[:500]


def _write(
    presentation: Presentation, values: dict[str, Any], changes: dict[str, list[Any]], *, by: User, version: int | None
) -> None:  # fmt: skip
    """Change the draft and say in the history what was done."""
    with transaction.atomic():
        if change(presentation, values, by=by, event="edit_presentation", version=version):
            told = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
            audit.record("edit_presentation", presentation, by=by, changes=told)
