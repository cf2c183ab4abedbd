"""A plan as data, the difference of two plans, and the way back: revisions replay to the plan (R52).

Content is {"plan": {field: value}, "tasks": {public id: {field: value}}} of JSON types only. A difference is a list of
operations: {"op": "set", "field", "old", "new"} on the head, {"op": "add", "task", "new": {…}}, {"op": "remove", "task",
"old": {…}} and {"op": "change", "task", "field", "old", "new"} on tasks. No Django here: laws are easy to hold.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

Content = dict[str, dict[str, Any]]
Change = dict[str, Any]

EMPTY: Content = {"plan": {}, "tasks": {}}


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What leads from `old` to `new`, the head first, then tasks removed, added and changed; [] when they are equal."""
    head = [
        {"op": "set", "field": field, "old": was, "new": now}
        for field, was, now in _pairs(old.get("plan", {}), new.get("plan", {}))
    ]
    before, after = old.get("tasks", {}), new.get("tasks", {})
    removed = [{"op": "remove", "task": key, "old": before[key]} for key in sorted(set(before) - set(after))]
    added = [{"op": "add", "task": key, "new": after[key]} for key in sorted(set(after) - set(before))]
    changed = [
        {"op": "change", "task": key, "field": field, "old": was, "new": now}
        for key in sorted(set(before) & set(after))
        for field, was, now in _pairs(before[key], after[key])
    ]
    return deepcopy([*head, *removed, *added, *changed])


def apply(content: Mapping[str, Any], changes: Iterable[Change]) -> Content:
    """The content after these operations; the given one stays as it is."""
    result: Content = {
        "plan": deepcopy(dict(content.get("plan", {}))), "tasks": deepcopy(dict(content.get("tasks", {}))),
    }  # fmt: skip
    for step in changes:
        if step["op"] == "set":
            _put(result["plan"], step["field"], step["new"])
        elif step["op"] == "add":
            result["tasks"][step["task"]] = deepcopy(step["new"])
        elif step["op"] == "remove":
            del result["tasks"][step["task"]]
        else:
            _put(result["tasks"][step["task"]], step["field"], step["new"])
    return result


def replay(revisions: Iterable[Iterable[Change]]) -> Content:
    """The plan that these revisions, in order, have made of nothing."""
    content: Content = deepcopy(EMPTY)
    for changes in revisions:
        content = apply(content, changes)
    return content


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Fields whose value differs: (name, was, is), in the order of the names."""
    names = sorted(set(old) | set(new))
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _put(values: dict[str, Any], field: str, value: Any) -> None:
    """None means that the field is not said, as in `difference`."""
    if value is None:
        values.pop(field, None)
    else:
        values[field] = deepcopy(value)
