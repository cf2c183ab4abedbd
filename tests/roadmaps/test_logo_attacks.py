"""Pictures that are not what they say (faults E6, E7): refused with words, or drawn anew."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from roadmaps.models import Logo, Plan
from tests.factories import Cast, make_company, make_deal
from tests.roadmaps.makers import make_plan

pytestmark = pytest.mark.django_db
HIDDEN = b"<script>alert(1)</script>PK\x03\x04 hidden"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(make_deal(make_company(kam=cast.lisina, team=cast.k1)))


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, "red").save(content, kind, **options)
    return content.getvalue()


def sent(client: Any, plan: Plan, content: bytes, name: str = "logo.png") -> Any:
    url = f"/plans/{plan.public_id}/presentation/logo/client/"
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("logo.png", drawn("JPEG")),
        ("logo.html", drawn()),
        ("logo.png.exe", drawn()),
        ("logo.gif", drawn("GIF")),
        ("logo.png", drawn()[:60]),
        ("logo.png", b""),
        ("logo.png", drawn(size=(4_100, 10))),
        ("logo.png", drawn() + b"x" * 1024 * 1024),
    ],
)
def test_what_is_no_picture_is_refused(
    plan: Plan, cast: Cast, client_of: Any, name: str, content: bytes
) -> None:
    answer = sent(client_of(cast.lisina), plan, content, name)
    assert answer.status_code == 422
    assert not Logo.objects.exists()


@pytest.mark.slow
def test_a_bomb_is_refused_by_its_sides(plan: Plan, cast: Cast, client_of: Any) -> None:
    """Twenty million pixels in twenty kilobytes."""
    content = BytesIO()
    Image.new("1", (5_000, 4_000)).save(content, "PNG")
    assert sent(client_of(cast.lisina), plan, content.getvalue()).status_code == 422


def test_a_picture_is_drawn_anew(plan: Plan, cast: Cast, client_of: Any, folder: Path) -> None:
    """Nothing hidden behind it, no place and no words in it, no larger than a slide needs."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    exif = Image.Exif()
    exif[0x010E] = "Москва, Кремль"
    for name, kind in (("logo.png", "PNG"), ("logo.jpg", "JPEG")):
        options = {"pnginfo": info} if kind == "PNG" else {"comment": b"<script>"}
        content = drawn(kind, (1_600, 400), exif=exif, **options) + HIDDEN
        assert sent(client_of(cast.lisina), plan, content, name).status_code == 302
        with Logo.objects.get().file.open() as stored:
            kept = stored.read()
        assert b"script" not in kept
        with Image.open(BytesIO(kept)) as picture:
            assert (picture.format, picture.size) == (kind, (1_200, 300))
            assert not picture.getexif()


def test_another_picture_takes_the_place_of_the_former(
    plan: Plan, cast: Cast, client_of: Any, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """The new one is stored, the old file goes; a removed logo leaves no file."""
    client = client_of(cast.lisina)
    with django_capture_on_commit_callbacks(execute=True):
        sent(client, plan, drawn(size=(10, 10)))
        sent(client, plan, drawn(size=(30, 10)))
    logo = Logo.objects.get()
    with logo.file.open() as stored, Image.open(stored) as picture:
        assert picture.size == (30, 10)
    assert len(list((folder / "logos").iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/plans/{plan.public_id}/presentation/logo/client/remove/")
    assert not default_storage.exists(str(logo.file.name))


def test_a_logo_has_no_address_of_its_own(plan: Plan, cast: Cast, client_of: Any) -> None:
    client = client_of(cast.lisina)
    sent(client, plan, drawn())
    name = Logo.objects.get().file.name
    assert {client.get(f"{root}{name}").status_code for root in ("/", "/media/", "/files/", "/static/")} == {
        404
    }
