"""Block «What has been released for you»: features for which this client waited and which are out (R57, R24)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import RELEASED_STATUSES, Response
from accounts.models import FeatureWait
from roadmaps.deck.parts import Facts, Item, Subject, iso, of_items, said_by
from roadmaps.enums import BlockKind
from upsell_crm.core.templatetags.crm import day


def build(subject: Subject) -> Facts:
    """Released features, the newest first; one that the client did not like is not boasted of. One statement."""
    waits = FeatureWait.objects.filter(company=subject.company, feature__status__in=RELEASED_STATUSES)
    rows = waits.exclude(response=Response.NEGATIVE).select_related("feature__product", "contact")
    items = [_item(row) for row in rows.order_by("-feature__released_on", "pk")]
    if not items:
        return Facts(why_empty=gettext_lazy("Nothing that the client waited for has been released yet."))
    taken, sources, problems = of_items(subject, BlockKind.FEATURES, items)
    return Facts(
        {"features": [item.value for item in taken]}, sources, problems, items,
        "" if taken else gettext_lazy("Every feature is left out."),
    )  # fmt: skip


def _item(row: FeatureWait) -> Item:
    feature = row.feature
    return Item(
        key=f"feature-{row.pk}", label=feature.title,
        value={
            "title": feature.title, "product": feature.product.name, "released_on": iso(feature.released_on),
            "asked_by": said_by(row.contact)["person"] or None, "asked_on": iso(row.asked_on),
        },
        source=_("«%(title)s» released on %(on)s") % {"title": feature.title, "on": day(feature.released_on)},
        url=feature.get_absolute_url(), has_source=feature.released_on is not None,
    )  # fmt: skip
