"""The named check constraints of the models, asked without the database: an import asks them thousands of times.

The rule still stands once, in the model; `tests/accounts/imports/test_constraints.py` holds that both answers agree.
"""

import operator
from collections.abc import Callable
from typing import Any

from django.db.models import CheckConstraint, F, Model, Q
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


def _value(obj: Model, expression: Any) -> Any:
    if isinstance(expression, F):
        return getattr(obj, obj._meta.get_field(expression.name).attname)
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
