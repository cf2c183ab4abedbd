"""The named constraints asked in Python answer as the database does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Field, Model
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from deals.models import Deal
from tests.factories import Cast, T, make_company, make_deal, moment
from upsell_crm.core.commands import change, validate
from upsell_crm.core.constraints import is_broken
from upsell_crm.core.errors import DomainError

OURS = ("core", "accounts", "deals", "trainings", "roadmaps", "reports")
MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in OURS
    and any(isinstance(constraint, CheckConstraint) for constraint in model._meta.constraints)
]
NUMBERS = st.integers(-3, 7) | st.sampled_from([12, 13, 26, 27, 100, 101, 250, 251, 730, 731])
BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "DateField": st.dates(date(2026, 1, 1), date(2026, 1, 5)),
    "DateTimeField": st.sampled_from([moment(T), moment(T, 15), moment(T, 18)]),
    "DecimalField": st.sampled_from([Decimal(-1), Decimal(0), Decimal(1), Decimal("100.01")]),
    "BooleanField": st.booleans(),
    "CharField": st.sampled_from(["", "что-то"]),
    "TextField": st.sampled_from(["", "что-то"]),
}


def values_of(field: Field) -> st.SearchStrategy[Any] | None:
    """What a field may hold, wrong values among them; None = leave the default."""
    if field.choices:
        known = [value for value, _label in field.flatchoices if value is not None]
        return st.sampled_from([*known, "?" if isinstance(known[0], str) else 99])
    if field.is_relation or "Integer" in field.get_internal_type():
        values: st.SearchStrategy[Any] | None = NUMBERS
    else:
        values = BY_KIND.get(field.get_internal_type())
    return values | st.none() if values is not None and field.null else values


class SameAnswer(TestCase):
    """Hypothesis draws records of every kind; both sides judge them."""

    @pytest.mark.slow
    @given(st.data())
    def test_python_and_the_database_agree(self, data: st.DataObject) -> None:
        model = data.draw(st.sampled_from(MODELS))
        obj = model()
        for field in model._meta.concrete_fields:
            if (values := values_of(field)) is not None:
                obj.__dict__[field.attname] = data.draw(values, label=field.attname)
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                assert is_broken(constraint, obj) == _database_says_broken(constraint, obj), constraint.name


def _database_says_broken(constraint: CheckConstraint, obj: Any) -> bool:
    try:
        constraint.validate(type(obj), obj)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("model", MODELS)
def test_every_constraint_is_understood(model: type[Model]) -> None:
    """A new kind of condition must be taught to `core/constraints.py` first; its words can be said in each language."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            is_broken(constraint, model())
        for language in ("ru", "en"):
            with translation.override(language):
                assert "%%" not in constraint.get_violation_error_message()


def test_a_write_asks_the_rules_of_what_it_changes(cast: Cast) -> None:
    """Values that stand are not asked again, the changed one is, with the words of its rule."""
    deal = make_deal(make_company(kam=cast.lisina), ("casebook", 5, 5), responsible_kam=cast.lisina)
    Deal.objects.filter(pk=deal.pk).update(title="")
    deal.refresh_from_db()
    change(deal, {"next_step": "Позвонить", "next_step_on": T}, by=cast.lisina, event="update_deal")
    with pytest.raises(DomainError) as refusal:
        validate(deal)
    assert set(refusal.value.errors) == {"title"}
    with pytest.raises(DomainError):
        change(deal, {"stage": "dreamt"}, by=cast.lisina, event="update_deal")


def test_a_name_that_is_taken_stands_at_its_field(cast: Cast) -> None:
    """Uniqueness is asked of the database and told at the field, as Django does."""
    first = make_company(kam=cast.lisina)
    second = make_company(kam=cast.lisina)
    with pytest.raises(DomainError) as refusal:
        change(second, {"inn": first.inn, "kpp": first.kpp}, by=cast.lisina, event="edit_company")
    assert refusal.value.code == "invalid"
