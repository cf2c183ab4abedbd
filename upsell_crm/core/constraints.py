"""The named constraints of the models, asked before a write and mostly without the database.

Django sends a statement for every check constraint of every save; an import and every service ask them thousands of
times. The rule still stands once, in the model; `tests/core/test_constraints.py` holds that both answers agree.
"""

import operator
from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Model, Q, UniqueConstraint
from django.db.models.expressions import CombinedExpression, Value

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
}  # fmt: skip
_COMBINE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip
Truth = bool | None  # None is SQL's «unknown», which a check constraint lets pass


class Unsupported(Exception):
    """The condition says something that only the database can answer."""


def check_constraints(
    obj: Model, *, changed: Collection[str] | None = None, unclean: Collection[str] = ()
) -> None:
    """Raises ValidationError as `Model.validate_constraints` does; uniqueness is asked of the database.

    Left out are constraints that name only fields which have not changed (they held before), and those that name a
    field which could not be cleaned.
    """
    errors: dict[str, list[ValidationError]] = {}
    for constraint in obj._meta.constraints:
        named = _fields_of(constraint)
        if named & set(unclean) or (changed is not None and named and not named & set(changed)):
            continue
        try:
            _check(constraint, obj)
        except ValidationError as problem:
            if getattr(problem, "code", "") == "unique" and len(named) == 1:
                errors.setdefault(named.pop(), []).append(problem)
            else:
                errors = problem.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _check(constraint: Any, obj: Model) -> None:
    if not isinstance(constraint, CheckConstraint):
        constraint.validate(type(obj), obj)
    elif is_broken(constraint, obj):
        raise ValidationError(constraint.get_violation_error_message(), code=constraint.violation_error_code)


def _fields_of(constraint: Any) -> set[str]:
    """Every field that the constraint speaks of; empty = not known."""
    if isinstance(constraint, UniqueConstraint):
        named = set(constraint.fields)
        return (
            named | constraint.condition.referenced_base_fields if named and constraint.condition else named
        )
    return set(constraint.condition.referenced_base_fields)


def is_broken(constraint: CheckConstraint, obj: Model) -> bool:
    """Whether saving `obj` would break the constraint; raises Unsupported."""
    return truth(constraint.condition, obj) is False


def truth(condition: Any, obj: Model) -> Truth:
    """Three-valued logic of SQL over the values of one record."""
    if not isinstance(condition, Q):
        return _lookup(obj, *condition)
    answers = [truth(child, obj) for child in condition.children]
    answer = _all(answers) if condition.connector == Q.AND else _any(answers)
    return (None if answer is None else not answer) if condition.negated else answer


def _all(answers: list[Truth]) -> Truth:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: list[Truth]) -> Truth:
    if True in answers:
        return True
    return None if None in answers else False


def _lookup(obj: Model, path: str, expected: Any) -> Truth:
    name, _sep, lookup = path.partition("__")
    value = _value(obj, F(name))
    if lookup == "isnull":
        return (value is None) == expected
    if expected is None and lookup in ("", "exact"):
        return value is None
    if value is None:
        return None
    if lookup == "in":
        return value in list(expected)
    if lookup not in _COMPARE and lookup:
        raise Unsupported(path)
    other = _value(obj, expected)
    return None if other is None else _COMPARE[lookup or "exact"](value, other)


def _value(obj: Any, expression: Any) -> Any:
    if isinstance(expression, F):
        return getattr(obj, obj._meta.get_field(expression.name).attname)  # type: ignore[attr-defined]
    if isinstance(expression, Value):
        return expression.value
    if isinstance(expression, CombinedExpression):
        left, right = _value(obj, expression.lhs), _value(obj, expression.rhs)
        if expression.connector not in _COMBINE:
            raise Unsupported(expression.connector)
        return None if left is None or right is None else _COMBINE[expression.connector](left, right)
    if hasattr(expression, "resolve_expression"):
        raise Unsupported(repr(expression))
    return expression
