"""What is sold, and who of us knows it well."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import Unit, Vat


class ProductQuerySet(models.QuerySet["Product"]):
    def licensable(self) -> "ProductQuerySet":
        """What can stand in a licence line; public services cannot (R3)."""
        return self.filter(is_licensable=True, active=True)


class Product(models.Model):
    """A product of the catalogue; a new row is a new column of the report, without a code change (R2)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    purpose_ru = models.CharField(_("purpose in Russian"), max_length=300, blank=True)
    purpose_en = models.CharField(_("purpose in English"), max_length=300, blank=True)
    is_licensable = models.BooleanField(_("licensable"), default=True)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices, default=Unit.SEAT)
    list_price_year = models.DecimalField(
        _("list price, ₽ a year"), max_digits=14, decimal_places=2, default=0
    )
    vat = models.CharField(_("VAT"), max_length=4, choices=Vat.choices, default=Vat.NONE)
    in_ru_registry = models.BooleanField(_("in the register of Russian software"), default=True)
    needs_contract = models.BooleanField(_("needs an individual contract"), default=False)
    active = models.BooleanField(_("is sold"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(condition=Q(list_price_year__gte=0), name="product_price_not_negative")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "ru").startswith("en") else self.name_ru


class Expertise(models.Model):
    """A colleague who is expert in a product (R64)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="expertise")
    product = models.ForeignKey(Product, models.CASCADE, related_name="experts")

    class Meta:
        ordering = ["user_id", "product_id"]
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="expertise_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.product_id}"
