"""The chips of the line put into the ordinary fields of the outcome form, and taken out again.

The form and the service keep all rules: a chip only types what a person could have typed. What it has typed is remembered
in the form itself (`line_put`), so that the next reading takes it back first. A field that a person has changed since is
theirs: its chip lets go of it (`line_hand`). A chip that was removed (`line_off`) stays removed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from accounts.forms.outcome_chips import Chip
from accounts.forms.outcome_rows import MAX_ROWS

PUT, OFF, HAND, DROP, KEEP = "line_put", "line_off", "line_hand", "line_drop", "line_keep"
MEMORY_MAX = 100  # entries; more is nobody's typing
GROWING = ("agreement:", "feature:", "new:", "nobody:")  # whose key grows while the words are being typed
GROWN_FROM = 4
MANY = ("attendees", "objections")
PARTS = {
    "people": ("attendees", "people-"),
    "feedback": ("reaction_", "feedback_", "objection"),
    "waits": ("waits-",),
    "agreements": ("agreements-",),
    "step": ("next_step",),
    "details": ("competitor", "budget"),
}
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class ShownChip:
    """A chip with its state: on, off (removed), hand (a person has taken over), unbound (stays text)."""

    chip: Chip
    state: str
    pairs: Pairs = field(default_factory=list)
    goes_to: str = ""  # selector of the field where it is corrected

    @property
    def memory(self) -> str:
        """What the form keeps to take it back."""
        return json.dumps([self.chip.key, self.pairs], ensure_ascii=False)


@dataclass(frozen=True)
class Filled:
    """The form's data with the line in it, its chips, and which parts of the form look otherwise now."""

    data: QueryDict
    chips: list[ShownChip]
    off: list[str]
    hand: list[str]
    parts: frozenset[str]


def filled(typed: QueryDict, chips: Iterable[Chip], defaults: Mapping[str, str]) -> Filled:
    """Read, take back, put anew; the same data give the same answer however often it is asked.

    `defaults` are proposed values that count as empty.
    """
    filling = _Filling(typed, defaults)
    filling.take_back()
    shown = [filling.put(chip) for chip in chips]
    return Filled(
        filling.data, shown, sorted(filling.off), sorted(filling.hand), _changed(typed, filling.data)
    )


class _Filling:
    def __init__(self, typed: QueryDict, defaults: Mapping[str, str]) -> None:
        self.data, self.defaults = typed.copy(), defaults
        back = set(typed.getlist(KEEP))
        self.off = (set(typed.getlist(OFF)[:MEMORY_MAX]) | set(typed.getlist(DROP))) - back
        self.hand = set(typed.getlist(HAND)[:MEMORY_MAX]) - back
        self.before = list(_remembered(typed.getlist(PUT)[:MEMORY_MAX]))
        for name in (PUT, OFF, HAND, DROP, KEEP):
            self.data.pop(name, None)

    def take_back(self) -> None:
        """What the last reading had typed; where a person has changed a part of it, all of it is theirs."""
        for key, pairs in self.before:
            if all(self._stands(name, value) for name, value in pairs):
                for name, value in pairs:
                    self._erase(name, value)
                self._drop_rows({place for name, _value in pairs if (place := _row_of(name))})
            elif not _is_among(key, self.off):
                self.hand.add(key)

    def put(self, chip: Chip) -> ShownChip:
        """Type it, unless it is off, taken over, unknown, or something else stands there."""
        if _is_among(chip.key, self.off):
            return ShownChip(chip, "off")
        if chip.warning:
            return ShownChip(chip, "unbound")
        row = self._row(chip)
        goes_to = _selector(chip, row)
        if _is_among(chip.key, self.hand) or self._is_occupied(chip) or (chip.row and not row):
            return ShownChip(chip, "hand", goes_to=goes_to)
        pairs = [pair for pair in self._wanted(chip, row) if not self._stands(*pair)]
        for name, value in pairs:
            self._type(name, value)
        return ShownChip(chip, "on", pairs, goes_to)

    def _wanted(self, chip: Chip, row: str) -> Pairs:
        soft = [(name, text) for name, text in chip.soft.items() if self._is_empty(name)]
        fields = chip.row[1] if chip.row else {}
        in_row = [(f"{row}-{name}", text) for name, text in fields.items() if text]
        return [*chip.ticks.items(), *chip.values.items(), *soft, *in_row]

    def _is_occupied(self, chip: Chip) -> bool:
        """Something else was typed into a field of one value, or its opposite was."""
        if any(self.data.get(name, "").strip() for name in chip.unless):
            return True
        return any(
            not self._is_empty(name) and not self._stands(name, text) for name, text in chip.values.items()
        )

    def _row(self, chip: Chip) -> str:
        """«agreements-2»: the row that says the same already, else the first blank one, else one more; "" = no room."""
        if chip.row is None:
            return ""
        prefix, fields = chip.row
        first, wanted = next(iter(fields.items()))
        count = self._count(prefix)
        texts = [self.data.get(f"{prefix}-{number}-{first}", "").strip() for number in range(count)]
        for number, text in enumerate(texts):
            if text == wanted:
                return f"{prefix}-{number}"
        if "" in texts:
            return f"{prefix}-{texts.index('')}"
        return f"{prefix}-{count}" if count < MAX_ROWS else ""

    def _count(self, prefix: str) -> int:
        said = self.data.get(f"{prefix}-TOTAL_FORMS", "")
        return min(int(said), MAX_ROWS) if said.isascii() and said.isdecimal() else 0

    def _type(self, name: str, value: str) -> None:
        if name in MANY:
            self.data.appendlist(name, value)
            return
        self.data[name] = value
        if (place := _row_of(name)) and place[1] >= self._count(place[0]):
            self.data[f"{place[0]}-TOTAL_FORMS"] = str(place[1] + 1)

    def _erase(self, name: str, value: str) -> None:
        if name in MANY:
            self.data.setlist(name, [each for each in self.data.getlist(name) if each != value])
        else:
            self.data[name] = self.defaults.get(name, "")

    def _drop_rows(self, rows: set[tuple[str, int]]) -> None:
        """Rows that the line had added at the end go with their words; one of agreements is always there."""
        for prefix, number in sorted(rows, reverse=True):
            least = 1 if prefix == "agreements" else 0
            texts = [text for name, text in self.data.items() if name.startswith(f"{prefix}-{number}-")]
            if number == self._count(prefix) - 1 >= least and not any(str(text).strip() for text in texts):
                self.data[f"{prefix}-TOTAL_FORMS"] = str(number)

    def _stands(self, name: str, value: str) -> bool:
        return value in self.data.getlist(name) if name in MANY else self.data.get(name, "") == value

    def _is_empty(self, name: str) -> bool:
        return self.data.get(name, "").strip() in ("", self.defaults.get(name, ""))


def _remembered(entries: Iterable[str]) -> Iterator[tuple[str, Pairs]]:
    """Only what this form could have kept: its own fields and short words."""
    for entry in entries:
        try:
            key, pairs = json.loads(entry)
            known = [(name, value) for name, value in pairs if _is_ours(name) and isinstance(value, str)]
        except (ValueError, TypeError):
            continue
        if isinstance(key, str) and known:
            yield key, known


def _row_of(name: str) -> tuple[str, int] | None:
    """«agreements-2-text» is a field of the third row of agreements."""
    parts = name.split("-")
    is_row = len(parts) == 3 and parts[1].isascii() and parts[1].isdecimal()
    return (parts[0], int(parts[1])) if is_row and int(parts[1]) < MAX_ROWS else None


def _is_ours(name: object) -> bool:
    starts = tuple(start for group in PARTS.values() for start in group)
    return isinstance(name, str) and name.startswith(starts) and not name.endswith("_FORMS")


def _is_among(key: str, keys: set[str]) -> bool:
    """The same chip, also while its words grow or shrink under the hand."""
    kind = key[: key.find(":") + 1]
    if key in keys or kind not in GROWING:
        return key in keys
    shortest = len(kind) + GROWN_FROM
    return any(
        min(len(other), len(key)) >= shortest and (key.startswith(other) or other.startswith(key))
        for other in keys
    )


def _selector(chip: Chip, row: str) -> str:
    """Where a chip is corrected: its tick, its field, or the first field of its row."""
    if chip.ticks:
        name, value = next(iter(chip.ticks.items()))
        return f'[name="{name}"][value="{value}"]'
    if chip.values:
        name, value = next(iter(chip.values.items()))
        return f'[name="{name}"]' + (f'[value="{value}"]' if name.startswith("reaction_") else "")
    return f'[name="{row}-{next(iter(chip.row[1]))}"]' if chip.row and row else ""


def _changed(before: QueryDict, after: QueryDict) -> frozenset[str]:
    names = {name for name in {*before, *after} if before.getlist(name) != after.getlist(name)}
    return frozenset(part for part, starts in PARTS.items() if any(name.startswith(starts) for name in names))
