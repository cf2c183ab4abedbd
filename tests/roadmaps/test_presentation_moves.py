"""The road of a presentation: draft, with the lead, ready and frozen, shown; versions and the file (R53, R58)."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from PIL import Image
from pptx import Presentation as Pptx

from accounts.services.anonymisation import anonymise_contact
from roadmaps.enums import BlockKind, PlanState, PresentationState
from roadmaps.models import Logo, Plan, Presentation
from roadmaps.services.logos import remove_logo, save_logo
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.presentation_files import give_out, request_file, runs_of
from roadmaps.services.presentation_moves import move_presentation
from roadmaps.services.presentations import (
    create_presentation,
    edit_block,
    move_block,
    new_version,
    rename_presentation,
)
from tests.factories import Cast, T, make_company, make_deal
from tests.roadmaps.deck_makers import make_known_client, make_meeting, make_presentation
from tests.roadmaps.makers import confirm_everything, make_plan
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.jobs import execute
from upsell_crm.core.models import AuditEvent, ExportLog, JobRun, User

pytestmark = pytest.mark.django_db
S = PresentationState
Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def files_go_to_a_folder_of_the_test(settings: Any, tmp_path: Any) -> None:
    """Files leave nothing behind."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A small client: the new contract and its schedule are all that is known."""
    company = make_company("ПАО «Парус»", kam=cast.aliev, team=cast.k2)
    confirm_everything(company, cast.aliev)
    return make_plan(make_deal(company, ("casebook", 14, 18)))


@pytest.fixture
def draft(plan: Plan) -> Presentation:
    return make_presentation(plan, BlockKind.OFFER, BlockKind.SCHEDULE)


def ready(draft: Presentation, by: User) -> Presentation:
    return move_presentation(draft, to=S.READY, by=by)


def picture(side: int = 40, kind: str = "PNG", name: str = "logo.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (side, 40), "navy").save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())


def test_a_ready_version_is_frozen(draft: Presentation, cast: Cast) -> None:
    """R58: who froze it and when stays; nothing of it is edited; a new version takes its words along."""
    edit_block(draft, BlockKind.OFFER, by=cast.aliev, title="Условия", text="Цены до конца года")
    ready(draft, cast.aliev)
    assert (draft.state, draft.frozen_by, draft.snapshot["as_of"]) == (S.READY, cast.aliev, "2026-11-24")
    for edit in (
        lambda: edit_block(draft, BlockKind.OFFER, by=cast.aliev, is_on=False),
        lambda: move_block(draft, BlockKind.OFFER, by=cast.aliev, to=0),
        lambda: rename_presentation(draft, {"title": "Другое"}, by=cast.aliev),
    ):
        with pytest.raises(DomainError, match="зафиксирована"):
            edit()
    second = new_version(draft, by=cast.aliev)
    assert (second.number, second.state, second.blocks) == (2, S.DRAFT, draft.blocks)
    with pytest.raises(DomainError, match="уже в работе"):
        new_version(draft, by=cast.aliev)


def test_the_lead_reads_it_and_gives_it_back(draft: Presentation, cast: Cast) -> None:
    """R53: with the lead nothing is edited; his words come back with the draft, his approval freezes."""
    move_presentation(draft, to=S.REVIEW, by=cast.aliev)
    with pytest.raises(DomainError, match="у руководителя"):
        edit_block(draft, BlockKind.OFFER, by=cast.aliev, is_on=False)
    with pytest.raises(NotAllowed):
        move_presentation(draft, to=S.READY, by=cast.aliev)
    move_presentation(draft, to=S.DRAFT, by=cast.gromov, reason="Добавьте отзывы")
    assert AuditEvent.objects.filter(event="move_presentation", reason="Добавьте отзывы").exists()
    move_presentation(draft, to=S.REVIEW, by=cast.aliev)
    move_presentation(draft, to=S.READY, by=cast.gromov)
    assert draft.frozen_by == cast.gromov


def test_shown_needs_a_communication_with_this_client(draft: Presentation, cast: Cast) -> None:
    """R53: held, of this client, not before the numbers were frozen; it stays linked."""
    ready(draft, cast.aliev)
    other = make_meeting(make_company(kam=cast.aliev, team=cast.k2), cast.aliev, on=T)
    early = make_meeting(draft.plan.deal.company, cast.aliev, on=date(2026, 11, 23))
    for wrong in (None, other, early):
        with pytest.raises(DomainError, match="на которой её показали"):
            move_presentation(draft, to=S.SHOWN, by=cast.aliev, interaction=wrong)
    met = make_meeting(draft.plan.deal.company, cast.aliev, on=T)
    move_presentation(draft, to=S.SHOWN, by=cast.aliev, interaction=met)
    assert (draft.shown_at, draft.interaction) == (met.starts_at, met)
    with pytest.raises(IllegalTransition):
        move_presentation(draft, to=S.DRAFT, by=cast.aliev)


def test_a_roadmap_is_completed_with_a_ready_presentation(draft: Presentation, cast: Cast) -> None:
    """R53: without one it stays open."""
    Plan.objects.filter(pk=draft.plan_id).update(state=PlanState.PRESENTATION, revision=1)
    plan = Plan.objects.get(pk=draft.plan_id)
    with pytest.raises(DomainError, match="презентаци"):
        move_plan(plan, to=PlanState.COMPLETED, by=cast.aliev, success_fact=1)  # type: ignore[arg-type]
    ready(draft, cast.aliev)
    move_plan(plan, to=PlanState.COMPLETED, by=cast.aliev, success_fact=1)  # type: ignore[arg-type]
    assert plan.state == PlanState.COMPLETED


def test_an_empty_presentation_is_not_made_ready(plan: Plan, cast: Cast) -> None:
    """R57: with every block off there is nothing to show."""
    draft = make_presentation(plan, "none")
    with pytest.raises(DomainError, match="хотя бы один"):
        ready(draft, cast.aliev)


def test_two_people_do_not_overwrite_each_other(draft: Presentation, cast: Cast) -> None:
    """R57: the second save on a version that was seen before is refused."""
    seen = draft.version
    edit_block(Presentation.objects.get(), BlockKind.OFFER, by=cast.aliev, text="Первый", version=seen)
    with pytest.raises(Stale):
        edit_block(draft, BlockKind.OFFER, by=cast.gromov, text="Второй", version=seen)
    assert Presentation.objects.get().blocks[6]["text"] == "Первый"


def test_blocks_are_ordered_and_their_titles_follow_the_language(draft: Presentation, cast: Cast) -> None:
    """R57: order and words are the KAM's; what he has not touched speaks the language of the slides."""
    move_block(draft, BlockKind.FREE, by=cast.aliev, to=0)
    edit_block(draft, BlockKind.USAGE, by=cast.aliev, title="Как вы работаете")
    rename_presentation(draft, {"language": "en"}, by=cast.aliev)
    titles = [block["title"] for block in draft.blocks]
    assert titles[:2] == ["Free text", "Identified needs"] and "Как вы работаете" in titles
    with pytest.raises(DomainError, match="Исправьте"):
        edit_block(draft, BlockKind.FREE, by=cast.aliev, text="я" * 4001)
    with pytest.raises(NotAllowed):
        edit_block(draft, BlockKind.FREE, by=cast.naumov, text="чужой")


@pytest.mark.slow
def test_the_job_writes_the_file_and_each_download_is_logged(
    plan: Plan, draft: Presentation, cast: Cast, client_of: Browser
) -> None:
    """R58: asked for when it becomes ready, kept while no worker is there, opened by python-pptx, logged."""
    ready(draft, cast.aliev)
    run = runs_of(draft, "pptx").get()
    assert run.state == JobRun.State.QUEUED and request_file(draft, by=cast.aliev, file_format="pptx") == run
    page = client_of(cast.aliev).get(draft.get_absolute_url()).text
    assert "Файл PPTX готовится" in page
    done = execute(run.pk)
    assert done is not None and done.state == JobRun.State.DONE, done and done.error
    url = reverse("roadmaps:presentation_file", args=[draft.public_id, "pptx"])
    answer = client_of(cast.aliev).get(url)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert "attachment" in answer["Content-Disposition"] and len(Pptx(BytesIO(content)).slides) >= 3
    log = ExportLog.objects.get(kind="presentation")
    assert (log.user, log.parameters["number"]) == (cast.aliev, 1)
    assert AuditEvent.objects.filter(event="export_presentation").count() == 1


def test_a_draft_has_no_file(draft: Presentation, cast: Cast) -> None:
    """R58: files are made of frozen numbers only."""
    with pytest.raises(DomainError, match="готовой"):
        request_file(draft, by=cast.aliev, file_format="pptx")
    with pytest.raises(DomainError, match="ещё не записан"):
        give_out(draft, by=cast.aliev, file_format="pptx")
    with pytest.raises(IntegrityError):
        Presentation.objects.filter(pk=draft.pk).update(state=S.READY)


def test_logos_are_real_pictures(plan: Plan, cast: Cast) -> None:
    """R58: PNG or JPEG, up to a megabyte; ours is changed by a lead."""
    deal = plan.deal
    save_logo(picture(), by=cast.aliev, deal=deal, is_ours=False)
    save_logo(picture(60, "JPEG", "new.jpg"), by=cast.aliev, deal=deal, is_ours=False)
    assert Logo.objects.get(company=deal.company).file.name.endswith(".jpg")
    with pytest.raises(NotAllowed):
        save_logo(picture(), by=cast.aliev, deal=deal, is_ours=True)
    save_logo(picture(), by=cast.gromov, deal=deal, is_ours=True)
    lie = SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\nnot a picture")
    script = SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>")
    for bad in (
        lie,
        script,
        picture(4001),
        SimpleUploadedFile("big.png", b"\x89PNG\r\n\x1a\n" + bytes(1024 * 1024)),
    ):
        with pytest.raises(DomainError):
            save_logo(bad, by=cast.gromov, deal=deal, is_ours=True)
    remove_logo(by=cast.aliev, deal=deal, is_ours=False)
    assert Logo.objects.get().is_ours


@pytest.mark.slow
def test_who_is_anonymised_leaves_the_frozen_slides(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """R102 over R58: the name is masked in what was kept, and the file with it is written anew."""
    plan = make_known_client(cast)
    draft = create_presentation(plan, by=cast.aliev)
    ready(draft, cast.aliev)
    execute(runs_of(draft, "pptx").get().pk)
    with django_capture_on_commit_callbacks(execute=True):
        anonymise_contact(plan.deal.company.contacts.get(), by=cast.aliev, reason="Письмо № 5")
    draft.refresh_from_db()
    assert "Орехов" not in str(draft.snapshot) and "648000.00" in str(draft.snapshot)
    with pytest.raises(DomainError, match="ещё не записан"):
        give_out(draft, by=cast.aliev, file_format="pptx")
