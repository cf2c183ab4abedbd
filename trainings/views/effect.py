"""The report of what trainings led to: the four levels by product or by tutor (§4.3)."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import Product
from trainings.effect import EFFECT_DAYS, Levels, levels_by, won_after
from trainings.models import Training
from trainings.queries import read_held
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

PERIODS = (90, 365, 730)
GROUPS = {"product": _("by product"), "tutor": _("by tutor")}


@require_GET
def training_effect(request: PageRequest) -> HttpResponse:
    """Trainings of the period that this person may see, with sums for who may see money."""
    require(request.user, Action.PLAN_TRAINING)
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else 365
    group = request.GET.get("by", "")
    group = group if group in GROUPS else "product"
    since = clock.bounds(clock.today() - timedelta(days=days))[0]
    held = list(
        read_held(Training.objects.visible_to(request.user).took_place().filter(starts_at__gte=since))
    )
    won = won_after(held)
    levels = levels_by(held, lambda one: one.tutor_id if group == "tutor" else one.product_id, won)
    total = levels_by(held, lambda _one: 0, won).get(0, Levels())
    names = _names(group, list(levels))
    rows = sorted(((names[pk], row) for pk, row in levels.items()), key=lambda row: -row[1].attended)
    context = {
        "rows": rows, "total": total, "groups": GROUPS, "group": group, "periods": PERIODS, "days": days,
        "effect_days": EFFECT_DAYS, "may_see_money": bool(request.user.scopes(Action.SEE_MONEY)),
    }  # fmt: skip
    return render(request, "trainings/training_effect.html", context)


def _names(group: str, pks: list[int]) -> dict[int, Any]:
    return User.objects.in_bulk(pks) if group == "tutor" else Product.objects.in_bulk(pks)
