"""What has to be true before a stage is left: items are data, checks keep the words of their day (R82, R93)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deals.enums import DealStage
from upsell_crm.core.models import PublicModel


class ChecklistItem(PublicModel):
    """One line of the checklist of a stage, or of a handover; an administrator edits it without a release."""

    HANDOVER = "handover"
    PLACES = [*((stage.value, stage.label) for stage in DealStage), (HANDOVER, _("Handover"))]

    place = models.CharField(_("stage or handover"), max_length=12, choices=PLACES)
    code = models.SlugField(_("code"), max_length=40)
    text_ru = models.CharField(_("text in Russian"), max_length=200)
    text_en = models.CharField(_("text in English"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["place", "position", "id"]
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        constraints = [models.UniqueConstraint(fields=["place", "code"], name="checklist_item_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.text_en if (get_language() or "ru").startswith("en") else self.text_ru


class StageCheck(models.Model):
    """One item as it stood when the deal left the stage, ticked or not; the words are kept as they were."""

    deal = models.ForeignKey("deals.Deal", models.CASCADE, related_name="checks")
    stage = models.CharField(max_length=12, choices=DealStage.choices)
    code = models.SlugField(max_length=40)
    text_ru = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    is_done = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["deal", "stage", "code"], name="stage_check_once"),
            models.CheckConstraint(
                condition=Q(is_done=False) | Q(at__isnull=False), name="stage_check_done_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The words of that day, in the reader's language."""
        return self.text_en if (get_language() or "ru").startswith("en") else self.text_ru
