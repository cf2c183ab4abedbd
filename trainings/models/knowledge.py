"""What the team has learnt: notes found by objection, product and industry, and how they helped (R80)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Industry, ObjectionCategory
from trainings.enums import NoteKind
from upsell_crm.core.access import EVERYTHING, NOTHING
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action, Scope
from upsell_crm.core.text import normalise, search_terms


def moderated_by(user: User) -> Q:
    """Notes that this person picks and hides: all for the head, those of his team's people for a lead."""
    scopes = user.scopes(Action.MODERATE_NOTE)
    if Scope.ALL in scopes:
        return EVERYTHING
    is_lead = Scope.TEAM in scopes and user.team_id
    return Q(author__team=user.team_id) if is_lead else NOTHING


class NoteQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "NoteQuerySet":
        """Shown notes for everybody who may write them; hidden ones for their author and whoever moderates him."""
        if not user.scopes(Action.WRITE_NOTE):
            return self.none()
        return self.filter(Q(hidden_at=None) | Q(author=user) | moderated_by(user))

    def shown(self) -> "NoteQuerySet":
        """Not taken away by a moderator."""
        return self.filter(hidden_at=None)

    def matching(self, query: str) -> "NoteQuerySet":
        """Search by title, words and tags; all words in any order."""
        found = self
        for term in search_terms(query):
            found = found.filter(search_text__contains=term)
        return found


class KnowledgeNote(RecordedModel):
    """A case, an answer to an objection or a template. `company` is where it comes from: its name is shown only to
    those who may open its card.
    """

    HISTORY: ClassVar = frozenset({"title", "body", "is_pick", "hidden_at"})

    kind = models.CharField(_("kind"), max_length=8, choices=NoteKind.choices, default=NoteKind.ANSWER)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("what helps"), max_length=20_000)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    objection_category = models.CharField(
        _("objection"), max_length=13, choices=ObjectionCategory.choices, blank=True
    )
    product = models.ForeignKey(
        "accounts.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("product"),
    )
    industry = models.CharField(_("industry"), max_length=12, choices=Industry.choices, blank=True)
    company = models.ForeignKey(
        "accounts.Company",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("client"),
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes")
    is_pick = models.BooleanField(_("the lead's choice"), default=False)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_text = models.TextField(editable=False, default="")

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-is_pick", "-id"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoteKind.values), name="note_kind_known"),
            models.CheckConstraint(
                condition=Q(is_pick=False) | Q(picked_by__isnull=False), name="note_pick_has_lead"
            ),
        ]
        indexes = [models.Index(fields=["objection_category", "product"], name="note_by_objection")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/notes/{self.public_id}/"

    def save(self, **options: Any) -> None:
        """Keeps the search column in step."""
        self.search_text = self.search_words()
        super().save(**options)

    def search_words(self, **values: Any) -> str:
        """What is searched, with these values instead of the present ones."""
        title, body, tags = (values.get(name, getattr(self, name)) for name in ("title", "body", "tags"))
        return normalise(" ".join((title, body, *tags)))


class NoteUse(models.Model):
    """A note that was taken to answer an objection; whether it led to agreement is read from the objection."""

    note = models.ForeignKey(KnowledgeNote, models.CASCADE, related_name="uses")
    objection = models.ForeignKey("accounts.Objection", models.CASCADE, related_name="note_uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["note", "objection"], name="note_use_once")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.objection_id}"


class NoteVote(models.Model):
    """A colleague found the note useful; once a person."""

    note = models.ForeignKey(KnowledgeNote, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    voted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="note_vote_once")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.user_id}"
