"""Block «Purchase justification»: law and procedure, why it is needed, why this product, what the price is made of (R58).

It repeats only what stands in the blocks that are on: a fact that is switched off is not used here either.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Fact, Regime
from accounts.models import ProcurementProfile, ProcurementType
from roadmaps.deck.offer import exemption
from roadmaps.deck.parts import Facts, Problem, Subject
from roadmaps.enums import BlockKind
from upsell_crm.core.templatetags.crm import day, money

Used = Mapping[str, Facts]


def build(subject: Subject, used: Used) -> Facts:
    """`used` = what the blocks that are on say. Two statements."""
    procedure = procedure_of(subject)
    data = {
        "paragraphs": [*_why(used), *_price(used)],
        "regime": subject.company.get_regime_display(),
        "procedure": procedure.name if procedure else "",
        "legal_ref": procedure.legal_ref if procedure else "",
        "points": list(_points(subject, used)),
    }
    problems = [*subject.stale(Fact.PROCUREMENT), *_problems(subject, procedure)]
    return Facts(data, subject.checked(Fact.PROCUREMENT), problems)


def procedure_of(subject: Subject) -> ProcurementType | None:
    """That of the deal, else the usual one of the client."""
    if subject.deal.procurement_type_id:
        return subject.deal.procurement_type
    profile = (
        ProcurementProfile.objects.filter(company=subject.company).select_related("default_type").first()
    )
    return profile.default_type if profile else None


def is_in_force(procedure: ProcurementType, subject: Subject) -> bool:
    """The reference says that it may be used on this day, under this law."""
    begun = procedure.valid_from is None or procedure.valid_from <= subject.today
    stands = procedure.valid_to is None or procedure.valid_to >= subject.today
    return begun and stands and procedure.regime in ("", subject.company.regime)


def _problems(subject: Subject, procedure: ProcurementType | None) -> Iterator[Problem]:
    if subject.company.regime == Regime.UNKNOWN:
        yield Problem("no_regime", subject.company.get_absolute_url())
    if procedure is None:
        yield Problem("no_procedure", subject.deal.get_absolute_url())
    elif not is_in_force(procedure, subject):
        yield Problem("invalid_procedure", subject.deal.get_absolute_url(), procedure.name)


def _data(used: Used, kind: str) -> dict[str, Any]:
    facts = used.get(kind)
    return facts.data if facts and not facts.is_empty else {}


def _why(used: Used) -> Iterator[str]:
    """Load of the courts, departments that need it, how fully the licences are used."""
    if load := _data(used, BlockKind.COURT_LOAD):
        yield _court_words(load)
    if needs := _data(used, BlockKind.NEEDS):
        names = ", ".join(group["department"] for group in needs["groups"])
        yield _("Departments that have named their need: %s.") % names
    if usage := _data(used, BlockKind.USAGE):
        yield " ".join(_usage_words(row) for row in usage["products"])


def _court_words(load: dict[str, Any]) -> str:
    last, growth = load["periods"][-1], load["growth_pct"]
    cases = ngettext("%(n)s court case", "%(n)s court cases", last["cases"]) % {
        "n": number_format(last["cases"], force_grouping=True)
    }
    text = _("%(cases)s in 12 months with claims of %(claims)s.") % {
        "cases": cases, "claims": money(Decimal(last["claims"])),
    }  # fmt: skip
    if growth and growth > 0:
        text += " " + _("That is %(growth)s %% more than a year before.") % {"growth": growth}
    return text


def _usage_words(row: dict[str, Any]) -> str:
    if not row["seats"]:
        return _("%(product)s: %(active)s people work in it.") % row
    return _("%(product)s: %(active)s of %(seats)s licences are in use.") % row


def _price(used: Used) -> Iterator[str]:
    """What the price is made of, and what it comes to."""
    offer = _data(used, BlockKind.OFFER)
    if not offer:
        return
    lines = "; ".join(_line_words(line) for line in offer["lines"] if line["seats_new"])
    yield _("The price is made of: %s.") % lines
    yield _("In all %(total)s a year. %(vat)s") % {
        "total": money(Decimal(offer["total"])),
        "vat": offer["vat_words"],
    }


def _line_words(line: dict[str, Any]) -> str:
    said = {
        "product": line["product"], "seats": number_format(line["seats_new"], force_grouping=True),
        "price": money(Decimal(line["price"])), "off": number_format(Decimal(line["discount_pct"]).normalize()),
    }  # fmt: skip
    if Decimal(line["discount_pct"]):
        return _("%(product)s, %(seats)s × %(price)s with a discount of %(off)s %%") % said
    return _("%(product)s, %(seats)s × %(price)s") % said


def _points(subject: Subject, used: Used) -> Iterator[str]:
    """Why this product: the register of Russian software, the exemption, people who know it already."""
    products = _products(subject)
    registered = [product.name for product in products if product.in_ru_registry]
    if registered:
        names = ", ".join(registered)
        yield _("In the unified register of Russian software: %s.") % names
        yield exemption()
    if trainings := _data(used, BlockKind.TRAININGS):
        people = trainings["people"]
        yield ngettext("%(n)s person has been trained.", "%(n)s people have been trained.", people) % {
            "n": people
        }
    if features := _data(used, BlockKind.FEATURES):
        count = len(features["features"])
        yield ngettext(
            "%(n)s wish of the company has been released.",
            "%(n)s wishes of the company have been released.",
            count,
        ) % {"n": count}
    if renewed := subject.deal.current_amount:
        yield _("The contract in force comes to %(amount)s; as of %(on)s.") % {
            "amount": money(renewed), "on": day(subject.today),
        }  # fmt: skip


def _products(subject: Subject) -> list[Any]:
    lines = subject.deal.lines.filter(seats_new__gt=0).select_related("product")
    return list(dict.fromkeys(line.product for line in lines.order_by("product__position", "pk")))
