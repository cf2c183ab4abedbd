"""Templates of plans: steps counted in working days from the act-by date (§2.11, R93)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deals.enums import DEAL_ROLES
from roadmaps.enums import Phase, PlanType
from roadmaps.models.plan_task import check_facts
from upsell_crm.core.models import PublicModel


class Bilingual:
    """Texts in both languages; the reader has his own."""

    def in_words(self, name: str) -> str:
        """`<name>_en` for an English reader, `<name>_ru` otherwise."""
        language = "en" if (get_language() or "ru").startswith("en") else "ru"
        return str(getattr(self, f"{name}_{language}"))


class PlanTemplate(Bilingual, PublicModel):
    """A draft of a plan that an administrator edits without a release."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    type = models.CharField(_("type"), max_length=11, choices=PlanType.choices)
    name_ru = models.CharField(_("name in Russian"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("template of a plan")
        verbose_name_plural = _("templates of plans")
        constraints = [
            models.CheckConstraint(condition=Q(type__in=PlanType.values), name="plan_template_type_known")
        ]

    def __str__(self) -> str:
        return self.in_words("name")


class TemplateStep(Bilingual, PublicModel):
    """One task of a template. `offset_bd` working days from the act-by date (negative = before it) is its due day."""

    template = models.ForeignKey(PlanTemplate, models.CASCADE, related_name="steps")
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    title_ru = models.CharField(_("task in Russian"), max_length=200)
    title_en = models.CharField(_("task in English"), max_length=200)
    expected_ru = models.CharField(_("expected result in Russian"), max_length=300)
    expected_en = models.CharField(_("expected result in English"), max_length=300)
    role = models.CharField(
        _("role in the deal"), max_length=12, choices=[(role.value, role.label) for role in DEAL_ROLES], blank=True
    )  # fmt: skip
    phase = models.CharField(_("phase"), max_length=12, choices=Phase.choices, default=Phase.OTHER)
    offset_bd = models.SmallIntegerField(_("due, working days from act by"))
    duration_bd = models.PositiveSmallIntegerField(
        _("takes, working days"), default=3, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    after = models.JSONField(_("after the steps"), default=list, blank=True)  # codes within the template
    built_on = models.JSONField(_("rests on the facts"), default=list, blank=True, validators=[check_facts])

    class Meta:
        ordering = ["template_id", "position", "id"]
        verbose_name = _("step of a template")
        verbose_name_plural = _("steps of a template")
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="template_step_once"),
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="template_step_phase_known"),
        ]

    def __str__(self) -> str:
        return self.in_words("title")
