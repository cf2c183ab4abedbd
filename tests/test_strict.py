"""The strict machine works: each bad habit is really refused."""

import socket
from datetime import datetime

import pytest
from django.template import Context, engines
from django.template.base import Origin, Template

from upsell_crm.core.models import Team, User


def test_an_unknown_variable_in_our_template_fails(settings: object) -> None:
    ours = Template(
        "{{ nobody_gave_this }}",
        Origin(str(settings.BASE_DIR / "templates/x.html")),
        "x.html",
        engines["django"].engine,
    )
    with pytest.raises(AssertionError, match="nobody_gave_this"):
        ours.render(Context())


def test_asking_politely_is_allowed() -> None:
    template = engines["django"].from_string("{% if nobody_gave_this %}yes{% else %}no{% endif %}")
    assert template.render() == "no"


def test_rows_without_an_order_come_in_reverse(db: None) -> None:
    """Whoever relies on the order of insertion fails each time."""
    Team.objects.bulk_create(Team(code=code, name=code) for code in "ABC")
    ordered = [team.code for team in Team.objects.order_by("pk")]
    luck = [team.code for team in Team.objects.order_by()]
    streamed = [team.code for team in Team.objects.order_by().iterator()]
    assert luck == streamed == ordered[::-1]


def test_a_naive_moment_fails(db: None) -> None:
    with pytest.raises(RuntimeWarning, match="naive datetime"):
        User.objects.filter(last_login__gt=datetime(2026, 11, 24)).exists()  # noqa: DTZ001 - the bad habit itself


def test_the_network_is_off() -> None:
    """R101: the suite passes without a network, so nothing here calls one."""
    with socket.socket() as far, pytest.raises(AssertionError, match="the network is off"):
        far.connect(("192.0.2.1", 80))
