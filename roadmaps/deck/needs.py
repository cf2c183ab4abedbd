"""Block «Identified needs»: what each department wants, who said it and when (R54).

A need is a department's last word on a product within a year, «present» or «strong», or a feature that the client
waits for, in his own words. Summaries of meetings are ours and never go to a slide.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.enums import RELEASED_STATUSES, Fact, FeatureStatus, InterestLevel
from accounts.interest_matrix import last_words
from accounts.models import DepartmentInterest, FeatureWait, Interaction, Product
from roadmaps.deck.parts import Facts, Item, Subject, iso, of_items, said_by
from roadmaps.deck.spoken import People, people_of, speaker
from roadmaps.enums import BlockKind
from upsell_crm.core.clock import local_date
from upsell_crm.core.templatetags.crm import day

KEPT = timedelta(days=365)  # an older word is no need of today
OVER = (*RELEASED_STATUSES, FeatureStatus.DECLINED)


def build(subject: Subject) -> Facts:
    """Needs by department. Five statements."""
    items = [*_interests(subject), *_waits(subject)]
    if not items:
        return Facts(why_empty=gettext_lazy("No department has named a need within a year."))
    taken, sources, problems = of_items(subject, BlockKind.NEEDS, items)
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in taken:
        need = {name: value for name, value in item.value.items() if name != "department"}
        groups.setdefault(item.value["department"], []).append(need)
    data = {"groups": [{"department": name, "needs": needs} for name, needs in groups.items()]}
    return Facts(
        data, [*sources, *subject.checked(Fact.DEPARTMENTS)], [*subject.stale(Fact.DEPARTMENTS), *problems], items,
        "" if taken else gettext_lazy("Every need is left out."),
    )  # fmt: skip


def purpose_of(product: Product) -> str:
    """What the product is for, in the language of the slides."""
    text = product.purpose_en if (get_language() or "ru").startswith("en") else product.purpose_ru
    return text or product.name


def _interests(subject: Subject) -> Iterator[Item]:
    said = [row for row in last_words(subject.company).values() if _is_need(row, subject)]
    rows = list(
        DepartmentInterest.objects.filter(pk__in=[row.pk for row in said])
        .select_related("department", "product", "interaction")
        .order_by("department__name", "product__position", "pk")
    )
    people = people_of([row.interaction_id for row in rows if row.interaction_id])
    for row in rows:
        contact = speaker(people, row.interaction, row.department_id)
        where = row.interaction if row.interaction and row.interaction.retracted_at is None else None
        yield Item(
            key=f"interest-{row.pk}", label=f"{row.department}: {row.product}",
            value={
                "department": row.department.name, "text": purpose_of(row.product), "product": row.product.name,
                "on": iso(row.as_of), **said_by(contact),
            },
            source=source_of(where, contact, row.as_of), has_source=bool(where and contact),
            url=_url_of(where) or reverse("accounts:company_matrix", args=[subject.company.public_id]),
        )  # fmt: skip


def _is_need(row: DepartmentInterest, subject: Subject) -> bool:
    return row.level >= InterestLevel.PRESENT and subject.today - KEPT <= row.as_of <= subject.today


def _waits(subject: Subject) -> Iterator[Item]:
    """Features that the client still waits for; one without his words is no need in his words."""
    waits = (
        FeatureWait.objects.filter(company=subject.company)
        .exclude(quote="")
        .exclude(feature__status__in=OVER)
    )
    rows = list(
        waits.select_related("feature__product", "contact__department", "interaction").order_by(
            "-importance", "pk"
        )
    )
    people = people_of([row.interaction_id for row in rows if row.interaction_id and not row.contact_id])
    for row in rows:
        yield _wait(subject, row, people)


def _wait(subject: Subject, row: FeatureWait, people: People) -> Item:
    contact = row.contact or speaker(people, row.interaction)
    asked_on = row.asked_on or (local_date(row.interaction.starts_at) if row.interaction else None)
    department = contact.department.name if contact and contact.department else _("Whole company")
    named = said_by(contact)
    return Item(
        key=f"wait-{row.pk}", label=row.feature.title,
        value={
            "department": department, "text": row.quote, "product": row.feature.product.name, "on": iso(asked_on),
            **named,
        },
        source=source_of(row.interaction, contact, asked_on), has_source=bool(named["person"] and asked_on),
        url=reverse("accounts:company_waits", args=[subject.company.public_id]),
    )  # fmt: skip


def source_of(interaction: Interaction | None, contact: Any, on: Any) -> str:
    """«Встреча 12.11.2026, Орехов Павел Сергеевич» for the notes of the speaker."""
    what = interaction.get_kind_display() if interaction else _("Recorded")
    moment = local_date(interaction.starts_at) if interaction else on
    person = said_by(contact)["person"]
    return ", ".join(part for part in (f"{what} {day(moment)}", person) if part)


def _url_of(interaction: Interaction | None) -> str:
    return reverse("accounts:interaction_detail", args=[interaction.public_id]) if interaction else ""
