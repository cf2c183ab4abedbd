"""An anonymised person leaves strategies (R102): texts, revisions, reviews, syncs, slides, history."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from accounts.models import Task
from accounts.services.anonymisation import anonymise_contact
from roadmaps.enums import PlanState
from roadmaps.models import Plan, PlanReview, Presentation, ReplanItem, ReviewComment, SyncDecision
from roadmaps.plan_content import replay
from roadmaps.queries import content_of
from roadmaps.services.plan_tasks import change_task
from roadmaps.services.plans import update_plan
from roadmaps.services.presentation_files import path_of
from tests.factories import Cast, make_company, make_contact, make_deal, moment
from tests.roadmaps.makers import make_plan, make_plan_task, make_sync, put_plan
from upsell_crm.core import clock
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.django_db
NAME = "Колокольцев"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Every text of the room names the person; a task of a ДЗО too."""
    company = make_company(kam=cast.aliev, team=cast.k2)
    dzo = make_company(kam=cast.aliev, team=cast.k2, parent=company)
    plan = make_plan(
        make_deal(company), "action_plan", goal=f"Показать {NAME}у расчёт", state_reason=f"{NAME} просил"
    )
    link = make_plan_task(
        plan, cast.aliev, f"Позвонить {NAME}у", expected_result=f"{NAME} согласен", company=dzo
    )
    put_plan(plan, PlanState.ACTIVE)
    update_plan(plan, {"goal": f"Убедить {NAME}а"}, by=cast.aliev, reason=f"{NAME} против")
    change_task(link, {"title": f"Встретить {NAME}а"}, by=cast.aliev, reason=f"так решил {NAME}")
    PlanReview.objects.create(
        plan=plan,
        content=plan.content,
        submitted_by=cast.aliev,
        submitted_at=moment(),
        comment=f"Где {NAME}?",
    )
    ReviewComment.objects.create(plan=plan, item="goal", text=f"Почему {NAME}?", author=cast.gromov)
    sync = make_sync(plan)
    sync.notes, sync.agenda = f"{NAME} в отпуске", {"results": [{"title": f"{NAME}у отправлено"}]}
    sync.save()
    SyncDecision.objects.create(sync=sync, text=f"Ждём {NAME}а")
    ReplanItem.objects.create(plan=plan, fact="dm", what=f"Новый ЛПР: {NAME}", old=NAME, new=f"{NAME} П.")
    return plan


def texts_of_room() -> str:
    """Every text and structure of this room and of its history, and the tasks of plans."""
    found: list[Any] = []
    for model in [*apps.get_app_config("roadmaps").get_models(), Task, AuditEvent]:
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        found += model._base_manager.values_list(*fields)
    return json.dumps(found, ensure_ascii=False, default=str).lower()


def test_no_trace_of_the_person_stays_in_the_room(plan: Plan, cast: Cast) -> None:
    """R102: nowhere, and replaying still gives the plan."""
    person = make_contact(plan.deal.company, f"{NAME} Павел Сергеевич")
    assert NAME.lower() in texts_of_room()
    anonymise_contact(person, by=cast.andreeva, reason="письмо № 7")
    assert NAME[:-1].lower() not in texts_of_room()
    plan.refresh_from_db()
    assert plan.content == content_of(plan)
    assert replay(plan.revisions.order_by("number").values_list("changes", flat=True)) == plan.content


def test_slides_forget_the_person_and_their_files_go(
    plan: Plan, cast: Cast, django_capture_on_commit_callbacks: Any, settings: Any, tmp_path: Path
) -> None:
    """R102: frozen ones too; a presentation that never named the person keeps its file."""
    settings.MEDIA_ROOT = tmp_path
    kept = _presentation(plan, 1, "Продление")
    named = _presentation(plan, 2, f"Для {NAME}а")
    person = make_contact(plan.deal.company, f"{NAME} Павел Сергеевич")
    with django_capture_on_commit_callbacks(execute=True):
        anonymise_contact(person, by=cast.andreeva, reason="письмо № 7")
    named.refresh_from_db()
    kept.refresh_from_db()
    assert NAME not in named.title + json.dumps([named.blocks, named.snapshot], ensure_ascii=False)
    assert (bool(named.file), default_storage.exists(path_of(named, "pptx"))) == (False, False)
    assert not default_storage.exists(path_of(named, "pdf"))
    assert default_storage.exists(path_of(kept, "pptx"))


def _presentation(plan: Plan, number: int, words: str) -> Presentation:
    """A frozen version with its files."""
    made = Presentation.objects.create(
        plan=plan, number=number, title=words, blocks=[{"kind": "free", "text": words}], state="ready",
        snapshot={"blocks": [{"text": words}]}, frozen_at=clock.now(),
    )  # fmt: skip
    for file_format in ("pptx", "pdf"):
        stored = default_storage.save(path_of(made, file_format), ContentFile(b"slides"))
        Presentation.objects.filter(pk=made.pk).update(file=stored)
    return made
