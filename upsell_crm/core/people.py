"""What people change about themselves, and how the very first administrator comes in."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import Parameter, RoleAssignment, User
from upsell_crm.core.roles import Role

WELCOME = "first_administrator_link"  # Parameter: {"hash": sha256 of the token, "until": moment}
WELCOME_LASTS = timedelta(hours=24)


def set_preferences(user: User, **choices: str) -> None:
    """Language and theme of one's own pages; the caller has validated them."""
    for name, value in choices.items():
        setattr(user, name, value)
    user.save(update_fields=list(choices))


def make_welcome_token() -> str | None:
    """A one-time token for the first administrator; None when somebody can sign in already. Only its hash is kept."""
    if User.objects.filter(is_active=True).exists():
        return None
    token = secrets.token_urlsafe(32)
    value = {"hash": _hash(token), "until": (clock.now() + WELCOME_LASTS).isoformat()}
    Parameter.objects.update_or_create(code=WELCOME, defaults={"value": value})
    return token


def is_welcome(token: str) -> bool:
    """Whether the token opens the door: the last one made, not older than a day, and nobody came in before."""
    kept = Parameter.objects.filter(code=WELCOME).values_list("value", flat=True).first()
    if not kept or not constant_time_compare(kept["hash"], _hash(token)):
        return False
    return (
        datetime.fromisoformat(kept["until"]) > clock.now()
        and not User.objects.filter(is_active=True).exists()
    )


def create_first_administrator(token: str, *, username: str, password: str, **names: Any) -> User:
    """Spend the token on an administrator; raises DomainError when it is spent or the password is weak."""
    with transaction.atomic():
        spent, _rows = Parameter.objects.filter(code=WELCOME).delete() if is_welcome(token) else (0, {})
        if not spent:
            raise DomainError("link_spent", _("This link has been used or is out of date."))
        user = User(username=username, is_staff=True, **names)
        _check_password(password, user)
        user.set_password(password)
        user.save()
        RoleAssignment.objects.create(user=user, role=Role.ADMIN)
        audit.record("create_first_administrator", user, by=user)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise DomainError(
            "weak_password", " ".join(problem.messages), {"password": problem.messages}
        ) from problem


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
