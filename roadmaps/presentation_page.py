"""What the page of a presentation shows: blocks with their problems, the slides, versions, files, what may be done."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString

from roadmaps.access import may
from roadmaps.deck.changes import changes_since
from roadmaps.deck.snapshot import Deck, look
from roadmaps.enums import BlockKind, PresentationState
from roadmaps.models import Logo, Plan, Presentation
from roadmaps.plan_page import frame
from roadmaps.presentation_machine import MACHINE
from roadmaps.services.logos import may_set_logo
from roadmaps.services.presentation_files import (
    PDF,
    PPTX,
    check_may_look,
    has_file,
    logos_of,
    name_of,
    runs_of,
)
from roadmaps.slides.html import render_html
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Action
from upsell_crm.core.views.jobs import is_stuck

CHANGED = "deck:changed"  # the event that tells the page to read itself anew


def the_presentation(request: PageRequest, public_id: Any) -> Presentation:
    """A version of a plan that this person may open, with its deal; 404 otherwise, 403 for who sees no amounts."""
    versions = Presentation.objects.visible_to(request.user).select_related(
        "plan__deal__company__head", "plan__deal__company__owner_kam", "plan__deal__responsible_kam",
        "plan__deal__team__lead", "plan__deal__procurement_type", "plan__validated_by", "frozen_by", "interaction",
    )  # fmt: skip
    found = get_object_or_404(versions, public_id=public_id)
    check_may_look(request.user, found.plan)
    return found


def the_latest(plan: Plan) -> Presentation | None:
    """The last version of a plan."""
    found = plan.presentations.select_related("frozen_by", "interaction").first()
    if found is not None:
        found.plan = plan
    return found


def page_of(user: User, plan: Plan, presentation: Presentation | None) -> dict[str, Any]:
    """The context of the page; without a presentation it is the empty state."""
    may_edit = plan.is_open and may(user, Action.EDIT_PLAN, plan)
    context = {
        **frame(user, plan, "plan_presentation"),
        "presentation": presentation,
        "may_edit_deck": may_edit,
    }
    return context if presentation is None else {**context, **_shown(user, presentation, may_edit)}


def _shown(user: User, presentation: Presentation, may_edit: bool) -> dict[str, Any]:
    plan = presentation.plan
    deck = None if presentation.is_frozen else look(presentation, clock.today())
    versions = list(plan.presentations.select_related("frozen_by"))
    is_draft = presentation.state == PresentationState.DRAFT
    return {
        "deck": deck, "slides": slides_of(presentation, deck), "versions": versions, "is_draft": is_draft,
        "may_word": may_edit and is_draft, "moves": {str(move.target) for move in MACHINE.open_to(user, presentation)},
        "may_renew": may_edit and not any(not one.is_frozen for one in versions),
        "differs": changes_since(presentation.snapshot, plan.deal) if presentation.is_frozen else [],
        "returned": last_return(presentation) if is_draft else "", "others": other_products(deck) if deck else [],
        **files_of(presentation), **_logos(user, plan),
    }  # fmt: skip


def other_products(deck: Deck) -> list[str]:
    """What the client is interested in beside the only product that is offered to him (R65)."""
    said = {str(block.kind): block.facts for block in deck.blocks}
    offered = {line["product"] for line in said[BlockKind.OFFER].data.get("lines", [])}
    wanted = sorted({item.value["product"] for item in said[BlockKind.NEEDS].items})
    return [name for name in wanted if name not in offered] if len(offered) == 1 else []


def slides_of(presentation: Presentation, deck: Deck | None = None, *, has_notes: bool = False) -> SafeString:
    """The frozen slides, or those that a draft would give now; `has_notes` puts the sources under each."""
    frozen = presentation.snapshot if presentation.is_frozen else None
    snapshot = frozen or (deck or look(presentation, clock.today())).snapshot()
    return render_html(snapshot, *logos_of(presentation), has_notes=has_notes)


def files_of(presentation: Presentation) -> dict[str, Any]:
    """For each format: is it there, is it being written, did it fail."""
    files = []
    for kind in (PPTX, PDF) if presentation.is_frozen else ():
        run = runs_of(presentation, kind).first()
        files.append(
            {
                "kind": kind, "run": run, "is_ready": has_file(presentation, kind),
                "name": name_of(presentation, kind), "is_stuck": is_stuck(run),
            }
        )  # fmt: skip
    return {"files": files, "is_writing": any(file["run"] and file["run"].is_open for file in files)}


def last_return(presentation: Presentation) -> str:
    """What the lead has said when he gave the draft back."""
    said = AuditEvent.objects.filter(
        object_type="roadmaps.presentation", object_id=presentation.pk, event="move_presentation"
    )
    return said.order_by("-pk").values_list("reason", flat=True).first() or ""


def _logos(user: User, plan: Plan) -> dict[str, Any]:
    known = Logo.objects.filter(is_ours=True) | Logo.objects.filter(company=plan.deal.company_id)
    stored = {logo.is_ours: logo for logo in known}
    return {
        "logos": [
            {
                "is_ours": is_ours, "logo": stored.get(is_ours),
                "may_set": may_set_logo(user, plan.deal, is_ours=is_ours),
            }
            for is_ours in (False, True)
        ]
    }  # fmt: skip
