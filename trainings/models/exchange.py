"""How the team shares experience: regular sessions with a protocol, and thanks that everybody sees (R80, R94)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trainings.enums import SessionState
from upsell_crm.core.models import PublicModel, RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action, Scope


class SessionQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "SessionQuerySet":
        """Sessions of one's team, those one is invited to, all for the head of the department."""
        if Scope.ALL in user.scopes(Action.MODERATE_NOTE):
            return self.all()
        invited = SessionMember.objects.filter(user=user).values("session")
        return self.filter(Q(team__isnull=False, team=user.team_id) | Q(leader=user) | Q(pk__in=invited))


class ExchangeSession(RecordedModel):
    """One meeting of colleagues; a series makes its next one when this one is held."""

    HISTORY: ClassVar = frozenset({"state", "starts_at", "topic"})

    topic = models.CharField(_("topic"), max_length=200)
    team = models.ForeignKey(
        "core.Team", models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("team")
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="sessions_led", verbose_name=_("leader")
    )
    starts_at = models.DateTimeField(_("when"))
    repeat_weeks = models.PositiveSmallIntegerField(_("repeats every … weeks"), default=0)
    state = models.CharField(
        _("state"), max_length=9, choices=SessionState.choices, default=SessionState.PLANNED
    )
    protocol = models.TextField(_("protocol"), max_length=20_000, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("exchange of experience")
        verbose_name_plural = _("exchanges of experience")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_known"),
            models.CheckConstraint(
                condition=~Q(state=SessionState.HELD) | ~Q(protocol=""), name="session_held_has_protocol",
                violation_error_message=_("Write the protocol: what was shared and what was decided."),
            ),
            models.CheckConstraint(condition=Q(repeat_weeks__lte=26), name="session_repeats_within_half_a_year"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.topic

    def get_absolute_url(self) -> str:
        return f"/notes/sessions/{self.public_id}/"


class SessionMember(models.Model):
    """A colleague who is invited."""

    session = models.ForeignKey(ExchangeSession, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    attended = models.BooleanField(_("attended"), default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="session_member_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.user_id}"


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def visible_to(self, user: User) -> "ThanksQuerySet":
        """What somebody of one's team has said or heard; all for the head of the department (R94)."""
        if Scope.ALL in user.scopes(Action.MODERATE_NOTE):
            return self.all()
        ours = Q(to_user=user) | Q(from_user=user)
        if user.team_id:
            ours |= Q(to_user__team=user.team_id) | Q(from_user__team=user.team_id)
        return self.filter(ours)


class Thanks(PublicModel):
    """«Спасибо» for a note or for work in a deal; the team sees it (R94)."""

    note = models.ForeignKey(
        "trainings.KnowledgeNote", models.CASCADE, null=True, blank=True, related_name="thanks"
    )
    deal = models.ForeignKey("deals.Deal", models.CASCADE, null=True, blank=True, related_name="thanks")
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="thanks_given")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="thanks_received")
    text = models.CharField(_("for what"), max_length=300, blank=True)

    objects = ThanksQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        constraints = [
            models.CheckConstraint(
                condition=Q(note=None, deal__isnull=False) | Q(deal=None, note__isnull=False),
                name="thanks_for_one_thing",
            ),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="thanks_to_somebody_else"),
            models.UniqueConstraint(fields=["note", "from_user", "to_user"], name="thanks_once_for_a_note"),
            models.UniqueConstraint(fields=["deal", "from_user", "to_user"], name="thanks_once_for_a_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.from_user_id} → {self.to_user_id}"
