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
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import Parameter, RoleAssignment, User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action, Role

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


def block_user(user: User, *, by: User, forced: bool = False) -> None:
    """Nobody signs in as this colleague any more; first the rooms above say what he leaves behind (§2.8.2).

    They refuse while he has open deals, clients or tasks; `forced` gives all of it to the lead of his team for the
    time being. Raises NotAllowed, DomainError.
    """
    if not by.scopes(Action.MANAGE_SYSTEM):
        raise NotAllowed("not_allowed", _("Only an administrator blocks people."))
    if user == by:
        raise DomainError("oneself", _("Nobody blocks himself: another administrator does it."))
    with transaction.atomic():
        announce("user_blocking", user=user, forced=forced, by=by)
        user.is_active = False
        user.save(update_fields=["is_active"])
        audit.record("block_user", user, by=by, changes={"is_active": [True, False]})


def check_may_block(user: User, *, by: User, forced: bool = False) -> None:
    """What `block_user` would refuse, with nothing written. Raises as it does."""
    with transaction.atomic():
        block_user(user, by=by, forced=forced)
        transaction.set_rollback(True)
    user.is_active = True


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise DomainError(
            "weak_password", " ".join(problem.messages), {"password": problem.messages}
        ) from problem


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
