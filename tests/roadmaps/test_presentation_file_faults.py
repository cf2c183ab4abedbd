"""The worker that writes a presentation dies at any moment (faults A14, A25): one whole file in the end, or none."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from roadmaps.enums import PresentationState
from roadmaps.models import Plan, Presentation
from roadmaps.services import presentation_files
from roadmaps.services.presentation_files import PPTX, has_file, path_of, queue_file, request_file
from tests.factories import Cast, make_company, make_deal, moment
from tests.roadmaps.deck_makers import make_presentation
from tests.roadmaps.makers import make_plan
from upsell_crm.core import clock
from upsell_crm.core.jobs import MAX_ATTEMPTS, SILENCE, execute, free_silent
from upsell_crm.core.models import JobRun

pytestmark = pytest.mark.django_db
WHOLE = b"whole file"


class Killed(BaseException):
    """The process is gone: nothing after it runs, no except clause of ours sees it."""


@pytest.fixture
def frozen(cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Presentation:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(presentation_files.WRITERS, PPTX, lambda *_all: WHOLE)
    plan: Plan = make_plan(make_deal(make_company(kam=cast.lisina, team=cast.k1)))
    return make_presentation(
        plan, state=PresentationState.READY, frozen_at=moment(), frozen_by=cast.lisina,
        snapshot={"as_of": "2026-11-24", "blocks": []},
    )  # fmt: skip


def died(run: JobRun) -> None:
    with pytest.raises(Killed):
        execute(run.pk)
    JobRun.objects.filter(pk=run.pk).update(heartbeat_at=clock.now() - SILENCE - timedelta(minutes=1))


@pytest.mark.parametrize("point", ["half a file", "before the rename", "after it"])
def test_a_killed_worker_leaves_no_half_file_and_the_next_one_writes_it(
    frozen: Presentation, cast: Cast, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    run = queue_file(frozen, by=cast.lisina)
    write, rename = Path.write_bytes, Path.replace

    def half(path: Path, content: bytes) -> int:
        write(path, content[:3])
        raise Killed

    def no_rename(path: Path, target: Path) -> Path:
        if point == "after it":
            rename(path, target)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(Path, *(("write_bytes", half) if point == "half a file" else ("replace", no_rename)))
        died(run)
    assert has_file(frozen, PPTX) == (point == "after it")
    free_silent()
    done = execute(run.pk)
    assert done is not None
    assert (done.state, done.attempts) == (JobRun.State.DONE, 2)
    folder = os.path.dirname(default_storage.path(path_of(frozen, PPTX)))
    assert os.listdir(folder) == [f"{frozen.public_id}.pptx"]
    with default_storage.open(path_of(frozen, PPTX)) as stored:
        assert stored.read() == WHOLE


def test_the_page_says_that_it_failed_and_asks_again(
    frozen: Presentation, cast: Cast, client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_all: Any) -> bytes:
        raise RuntimeError("секретная причина")

    monkeypatch.setitem(presentation_files.WRITERS, PPTX, breaks)
    run = queue_file(frozen, by=cast.lisina)
    for _attempt in range(MAX_ATTEMPTS):
        execute(run.pk)
    url = f"/presentations/{frozen.public_id}/files/"
    text = client_of(cast.lisina).get(url).content.decode()
    assert f"{url}pptx/request/" in text
    assert "секретная причина" not in text
    assert client_of(cast.lisina).get(f"{url}pptx/").status_code == 422
    assert request_file(frozen, by=cast.lisina, file_format=PPTX).pk != run.pk
