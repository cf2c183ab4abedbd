"""`./crm messages`: every UI string of code and templates is in the Russian catalogue of its room.

Django merges the catalogues, so a string that two rooms use is translated in one of them, or in both alike. Without
`--check` the missing strings are written, untranslated, into the room's catalogue; with it any gap is an error.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from upsell_crm.launch.place import HOME

ROOMS = ("upsell_crm", "accounts", "deals", "trainings", "roadmaps", "reports")  # from the ground up
CALLS = {  # function → which arguments are (context, singular, plural)
    "_": (None, 0, None), "gettext": (None, 0, None), "gettext_lazy": (None, 0, None), "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1), "ngettext_lazy": (None, 0, 1), "pgettext": (0, 1, None), "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2),
}  # fmt: skip
CALL = re.compile(r"\b(" + "|".join(name for name in CALLS if not name.endswith("lazy")) + r")\(")
HEADER = {
    "Project-Id-Version": "upsell-crm",
    "Language": "ru",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@dataclass(frozen=True)
class Message:
    """A string as the catalogue keys it."""

    context: str | None
    text: str
    plural: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text


def room_of(path: Path) -> str:
    """The room whose catalogue owns the strings of a file; shared templates belong to `upsell_crm`."""
    parts = path.relative_to(HOME).parts
    name = parts[1] if parts[0] == "templates" else parts[0]
    return name if name in ROOMS else "upsell_crm"


def sources() -> Iterator[Path]:
    """Python files of the rooms and all templates."""
    for room in ROOMS:
        yield from sorted(path for path in (HOME / room).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in (HOME / "templates").rglob("*") if path.suffix in (".html", ".txt"))


def messages_in(path: Path) -> Iterator[Message]:
    """What one file asks gettext for."""
    text = path.read_text()
    if path.suffix == ".py":
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    else:
        calls = list(_template_calls(templatize(text, origin=str(path))))
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id in CALLS:
            yield _message(call, path)


def _template_calls(source: str) -> Iterator[ast.Call]:
    """`templatize` turns tags into calls between blanked text; the shortest piece that parses is the call."""
    for match in CALL.finditer(source):
        end = match.end()
        while end := source.find(")", end) + 1:
            try:
                yield ast.parse(source[match.start() : end], mode="eval").body  # type: ignore[misc]
                break
            except SyntaxError:
                continue


def _message(call: ast.Call, path: Path) -> Message:
    parts = [
        None if place is None else call.args[place].value  # type: ignore[attr-defined]
        for place in CALLS[call.func.id]  # type: ignore[attr-defined]
        if place is None or isinstance(call.args[place], ast.Constant)
    ]
    if len(parts) != 3:
        raise SystemExit(f"{path}:{call.lineno}: gettext needs a plain string, not an expression")
    context, text, plural = parts
    return Message(context, str(text), plural)


@cache
def used_messages() -> dict[str, dict[tuple[str | None, str], Message]]:
    """Room → key → message."""
    used: dict[str, dict[tuple[str | None, str], Message]] = {room: {} for room in ROOMS}
    for path in sources():
        for message in messages_in(path):
            used[room_of(path)].setdefault(message.key, message)
    return used


def catalogue_path(room: str) -> Path:
    return HOME / room / "locale/ru/LC_MESSAGES/django.po"


def catalogues() -> dict[str, polib.POFile]:
    """The Russian catalogue of each room that has one."""
    return {
        room: polib.pofile(str(path), wrapwidth=110)
        for room in ROOMS
        if (path := catalogue_path(room)).exists()
    }


def faults() -> list[str]:
    """Everything that keeps the product from being wholly Russian, one line each."""
    gaps = [f"{room}: missing: {message.text!r}" for room, message in missing()]
    return [*gaps, *_entry_faults(), *_quarrels()]


def missing() -> list[tuple[str, Message]]:
    """Strings that no catalogue knows."""
    known = {(entry.msgctxt, entry.msgid) for po in catalogues().values() for entry in po}
    return [
        (room, message)
        for room in ROOMS
        for key, message in used_messages()[room].items()
        if key not in known
    ]


def _entry_faults() -> Iterator[str]:
    wanted = {key for used in used_messages().values() for key in used}
    for room, catalogue in catalogues().items():
        for entry in catalogue:
            if (entry.msgctxt, entry.msgid) not in wanted:
                yield f"{room}: unused: {entry.msgid!r}"
            elif entry.fuzzy or not entry.translated():
                yield f"{room}: not translated: {entry.msgid!r}"
            elif _lost_placeholders(entry):
                yield f"{room}: other placeholders than in English: {entry.msgid!r}"


def _quarrels() -> Iterator[str]:
    """Two rooms that translate one string differently: which of them wins depends on the order of settings."""
    first: dict[tuple[str | None, str], tuple[str, str]] = {}
    for room, catalogue in catalogues().items():
        for entry in catalogue:
            other, text = first.setdefault((entry.msgctxt, entry.msgid), (room, entry.msgstr))
            if text != entry.msgstr:
                yield f"{room} and {other} translate {entry.msgid!r} differently: use a context (pgettext)"


def _lost_placeholders(entry: polib.POEntry) -> bool:
    """A translation that names what the code does not give would crash the page."""
    given = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
    texts = [entry.msgstr, *entry.msgstr_plural.values()]
    return any(not set(PLACEHOLDER.findall(text)) <= given for text in texts)


def write_missing() -> int:
    """Adds what is missing, untranslated, for a translator to fill in."""
    files, gaps = catalogues(), missing()
    for room in {room for room, _message in gaps} - set(files):
        files[room] = polib.POFile(wrapwidth=110)
        files[room].metadata = HEADER
        files[room].fpath = str(catalogue_path(room))
        catalogue_path(room).parent.mkdir(parents=True)
    for room, message in gaps:
        plural = {0: "", 1: "", 2: ""} if message.plural else {}
        files[room].append(
            polib.POEntry(
                msgctxt=message.context,
                msgid=message.text,
                msgid_plural=message.plural or "",
                msgstr_plural=plural,
            )
        )
    for room in {room for room, _message in gaps}:
        files[room].sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        files[room].save()
    return len(gaps)


def main(arguments: list[str]) -> int:
    """`--check` only reports."""
    if "--check" not in arguments:
        print(f"{write_missing()} new strings written")
    problems = faults()
    print("\n".join(problems) or "all strings have their Russian")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
