"""One way for every form of the client screens: panel or page, errors beside fields, conflict, toast."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render

from accounts.forms.base import Conflict, add_problem
from accounts.models import Company
from upsell_crm.core.drafts import draft_data, drop_draft
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest


@dataclass
class FormPage:
    """A form with its words: shown in the panel to htmx and on a page of its own otherwise.

    `save` calls the service with the valid form; `record` is read anew when somebody was faster.
    """

    title: str
    form: forms.BaseForm
    save: Callable[[Any], Any]
    done: str
    back: str
    company: Company | None = None
    submit: str = ""
    hint: str = ""
    draft: str = ""
    danger: bool = False
    record: models.Model | None = None
    event: str = "company:changed"
    undo: str = ""
    conflicts: list[Conflict] = field(default_factory=list)
    template: str = "accounts/_form.html"
    page: str = "accounts/form_page.html"  # what stands around the form on a page of its own

    def answer(self, request: PageRequest) -> HttpResponse:
        """GET shows the form; POST saves and closes, or shows what to correct with nothing lost."""
        if request.method == "POST" and self.form.is_valid() and self._saved():
            if self.draft:
                drop_draft(request.user, self.draft)
            return done(request, self.done, back=self.back, event=self.event, undo=self.undo)
        status = 422 if request.method == "POST" else 200
        page = "accounts/form_panel.html" if request.htmx else self.page
        is_restored = bool(self.draft and request.method == "GET" and draft_initial(request, self.draft))
        context = {"page": self, "form": self.form, "is_restored": is_restored}
        return render(request, page, context, status=status)

    def _saved(self) -> bool:
        try:
            self.save(self.form)
        except NotAllowed:
            raise
        except Stale as problem:
            self._show_conflict(problem)
        except DomainError as problem:
            add_problem(self.form, problem)
        else:
            return True
        return False

    def stored(self) -> models.Model | None:
        """The record as it stands now."""
        return None if self.record is None else type(self.record)._default_manager.get(pk=self.record.pk)

    def _show_conflict(self, problem: Stale) -> None:
        """Both texts side by side; saving again goes on from the version that stands now (faults B1)."""
        self.form.add_error(None, str(problem.message))
        stored = self.stored()
        if stored is None:
            return
        self.conflicts = self.form.conflicts(stored) if hasattr(self.form, "conflicts") else []
        typed = self.form.data.copy()  # type: ignore[attr-defined]
        typed["version"] = str(stored.version)  # type: ignore[attr-defined]
        self.form.data = typed


def draft_initial(request: PageRequest, key: str) -> dict[str, Any]:
    """What this person has typed into the form before and not saved, as initial values; `?fresh=1` leaves it out."""
    if request.method != "GET" or "fresh" in request.GET:
        return {}
    known = vars(request).setdefault("drafts", {})  # asked by the view and by the page: one statement
    if key not in known:
        known[key] = draft_data(request.user, key)
    typed = known[key]
    return {name: _one_or_all(values) for name, values in typed.lists() if name != "version"} if typed else {}


def _one_or_all(values: list[Any]) -> Any:
    """A field with several ticks starts with all of them."""
    return values if len(values) > 1 else "".join(values)
