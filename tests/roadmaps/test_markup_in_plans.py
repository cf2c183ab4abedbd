"""Words with markup and with signs that no file may hold, on every page and slide of a strategy (faults E1, E4)."""

import re
from ctypes.util import find_library
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pptx import Presentation as Slides

from accounts.models import Company, Product, Task
from deals.models import Deal
from roadmaps.deck.snapshot import look
from roadmaps.enums import PlanState
from roadmaps.models import Plan, PlanTask, Presentation
from roadmaps.slides.pdf import write_pdf
from roadmaps.slides.pptx import write_pptx
from tests.factories import Cast, T, make_calendar
from tests.roadmaps.deck_makers import free_of_words, make_known_client, make_presentation
from tests.roadmaps.makers import make_comment, make_replan, make_sync, put_plan

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
BAD = "до\x00\x0b\x1b\ufffeпосле =1+1 \u202eтекст"
RAW = re.compile(r"<script>alert|<img src=x", re.IGNORECASE)


def spoiled(plan: Plan, words: str) -> Presentation:
    """Every text that people write says these words."""
    company = plan.deal.company
    Company.objects.filter(pk=company.pk).update(name=f"ПАО {words}"[:100], short_name=f"ПАО {words}"[:100])
    Product.objects.update(name_ru=words[:60], name_en=words[:60], purpose_ru=words[:100])
    Deal.objects.update(title=words[:100])
    Plan.objects.filter(pk=plan.pk).update(goal=words, override_comment=words, state_reason=words)
    Task.objects.update(title=words, expected_result=words, state_reason=words)
    plan = Plan.objects.get(pk=plan.pk)
    presentation = free_of_words(make_presentation(plan, title=words[:100]))
    presentation.blocks = [{**block, "title": words[:100], "text": words} for block in presentation.blocks]
    presentation.save()
    return presentation


def pages(plan: Plan, presentation: Presentation) -> list[str]:
    of_plan = [
        "plan_detail", "plan_history", "plan_facts", "plan_timeline", "plan_syncs", "plan_revisions", "revision_compare",
        "plan_review", "plan_flags", "plan_presentation", "plan_load", "plan_task_new", "plan_fill", "edit_plan", "new_sync",
    ]  # fmt: skip
    found = [reverse(f"roadmaps:{name}", args=[plan.public_id]) for name in of_plan]
    found += [
        f"{reverse('roadmaps:plan_timeline', args=[plan.public_id])}?{asked}"
        for asked in ("view=table", "by=company")
    ]
    found += [
        f"/presentations/{presentation.public_id}/",
        f"/presentations/{presentation.public_id}/print/?notes=1",
    ]
    found += [
        f"/presentations/{presentation.public_id}/blocks/{block['kind']}/" for block in presentation.blocks
    ]
    for link in plan.tasks.all():
        found += [f"/plan-tasks/{link.public_id}/{page}/" for page in ("edit", "remove", "dates")]
    found += [
        f"/syncs/{sync.public_id}/{page}" for sync in plan.syncs.all() for page in ("", "protocol/", "edit/")
    ]
    found += [
        f"/companies/{plan.deal.company.public_id}/brief/",
        "/plans/",
        "/plan-tasks/mine/",
        "/plans/review/",
    ]
    return found


def test_markup_is_text_on_every_page(cast: Cast, client_of: Any) -> None:
    make_calendar()
    plan = make_known_client(cast)
    presentation = spoiled(plan, EVIL)
    plan = put_plan(Plan.objects.get(pk=plan.pk), PlanState.ACTIVE)
    make_sync(plan)
    make_replan(plan, cast.aliev, *plan.tasks.all(), what=EVIL, old=EVIL, new=EVIL)
    make_comment(plan, cast.gromov, text=EVIL)
    client: Client = client_of(cast.gromov)
    for url in pages(plan, presentation):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert not (found := RAW.search(answer.content.decode())), (url, found)


def test_signs_that_no_file_may_hold_are_left_out_of_it(cast: Cast) -> None:
    """python-pptx refuses NUL and other control signs."""
    make_calendar()
    plan = make_known_client(cast)
    presentation = spoiled(plan, EVIL)
    snapshot = _with_words(look(presentation, T).snapshot(), BAD)
    if find_library("pango-1.0"):
        assert write_pdf(snapshot).startswith(b"%PDF")
    content = write_pptx(snapshot)
    slides = Slides(BytesIO(content)).slides
    said = " ".join(
        shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )
    assert "после =1+1" in said
    assert "\x00" not in said
    assert PlanTask.objects.exists()


def _with_words(value: Any, words: str) -> Any:
    """Every text of the snapshot that has the markup says `words`."""
    if isinstance(value, str):
        return words if EVIL[:20] in value else value
    if isinstance(value, dict):
        return {name: _with_words(one, words) for name, one in value.items()}
    return [_with_words(one, words) for one in value] if isinstance(value, list) else value
