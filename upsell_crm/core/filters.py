"""What the filter sets of all pages share: what stands in sight, what waits behind «More filters», what is in use."""

from functools import cached_property
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import Model, QuerySet
from django.forms import BoundField
from django.utils.translation import gettext as _

from upsell_crm.core.models import User


class PageFilter(filters.FilterSet):
    """Filters of a page that stand in its URL; what was typed wrong narrows nothing and is marked (§6.2).

    `MAIN` always stands on the page, `MORE` waits behind «More filters». `by` reads the page, None is a machine.
    """

    MAIN: ClassVar[tuple[str, ...]] = ()
    MORE: ClassVar[tuple[str, ...]] = ()
    by: User | None = None

    def __init__(self, asked: Any, rows: QuerySet[Any], *, by: User | None) -> None:
        super().__init__(asked, rows)
        self.by = by

    @property
    def main_fields(self) -> list[BoundField]:
        """The filters that always stand on the page, as far as this reader has them."""
        return [self.form[name] for name in self.MAIN if name in self.filters]

    @property
    def more_fields(self) -> list[BoundField]:
        """The filters behind «More filters»."""
        return [self.form[name] for name in self.MORE if name in self.filters]

    @cached_property
    def in_use(self) -> dict[str, Any]:
        """The filters that narrow the page, name → cleaned value."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def has_more_in_use(self) -> bool:
        """Whether a filter behind the fold narrows the page or is typed wrong, so that the page opens the fold."""
        return any(name in self.in_use or name in self.form.errors for name in self.MORE)

    @property
    def narrowed_by(self) -> dict[str, str]:
        """The filters in use, label → value in words: for sheets of parameters and stored segments."""
        return {
            str(self.form.fields[name].label): self._words(name, value) for name, value in self.in_use.items()
        }

    def _words(self, name: str, value: Any) -> str:
        """A value as the form shows it: the label of a choice, «да» of a switch."""
        if value is True:
            return str(_("yes"))
        if isinstance(value, Model):
            return str(value)
        labels = dict(getattr(self.form.fields[name], "choices", ()))
        return ", ".join(str(labels.get(one, one)) for one in (value if isinstance(value, list) else [value]))
