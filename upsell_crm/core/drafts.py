"""Text that is being typed, kept on the server for its author alone (faults A8–A13, D1)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.http import QueryDict

from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import Draft, User

MAX_BYTES = 64 * 1024
KEPT_FOR = timedelta(days=60)


class DraftTooLarge(DomainError):
    """More text than a draft may hold; the page says so and keeps what is on the screen."""

    status = 413


def get_draft(user: User, key: str) -> Draft | None:
    """The draft of this form by this person, if any."""
    return Draft.objects.filter(user=user, key=key).first()


def draft_data(user: User, key: str) -> QueryDict | None:
    """The draft as the data of a form, ready for `Form(data)` or `initial`; None where nothing was typed."""
    draft = get_draft(user, key)
    return as_form_data(draft.data) if draft else None


def as_form_data(data: Mapping[str, Sequence[str]]) -> QueryDict:
    """What is stored (name → values) as a QueryDict."""
    fields = QueryDict(mutable=True)
    for name, values in data.items():
        fields.setlist(name, list(values))
    return fields


def save_draft(user: User, key: str, data: Mapping[str, Sequence[str]]) -> Draft:
    """Keep what is typed; the last save wins, the client_id of the first one stays. Raises DraftTooLarge."""
    fields = {name: list(values) for name, values in data.items() if name != "csrfmiddlewaretoken"}
    size = sum(len(text.encode()) for values in fields.values() for text in values)
    if size > MAX_BYTES:
        raise DraftTooLarge("draft_too_large", "")
    return Draft.objects.update_or_create(user=user, key=key, defaults={"data": fields})[0]


def drop_draft(user: User, key: str) -> None:
    """The text was saved for good, or is not wanted any more."""
    Draft.objects.filter(user=user, key=key).delete()


def drop_old_drafts() -> int:
    """Forget drafts that nobody has touched for two months; returns how many."""
    return Draft.objects.filter(updated_at__lt=clock.now() - KEPT_FOR).delete()[0]
