"""What the outcome line says, as chips: each knows its words and which fields of the form it would fill."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.enums import ObjectionCategory
from accounts.forms.outcome import OutcomeChoices
from accounts.forms.outcome_rows import CLIENT, WAITS
from accounts.models import Contact, Product
from accounts.outcome_line import read_line
from accounts.outcome_line.letters import fold
from accounts.outcome_line.said import (
    Agreement,
    Attendee,
    Awaited,
    Budget,
    Known,
    Objection,
    Person,
    Reaction,
    Rival,
    Said,
    Step,
    Ware,
)
from accounts.outcome_line.vocabulary import SPOKEN_WARES, title_like
from accounts.working_days import WorkCalendar
from upsell_crm.core.templatetags.crm import money

LINE_MAX, WORDS_MAX, NAME_MAX, MONEY_MAX = 300, 1000, 100, 10**12 - 1
Values = Mapping[str, str]


@dataclass(frozen=True)
class Chip:
    """One thing understood. `values` are fields of one value, `ticks` of many, `soft` are filled only when empty."""

    key: str
    sign: str
    text: str
    warning: str = ""  # why it fills nothing and stays text
    values: Values = field(default_factory=dict)
    soft: Values = field(default_factory=dict)
    ticks: Values = field(default_factory=dict)
    unless: Sequence[str] = ()  # fields that say the opposite: while one is filled, the chip fills nothing
    row: tuple[str, Values] | None = None  # prefix and fields of a row; the first field tells rows apart


def chips_of(
    text: str, offered: OutcomeChoices, *, today: date, calendar: WorkCalendar, plan: bool
) -> list[Chip]:
    """The chips of a text in its order; a plan has only people, nothing has been said yet."""
    known = Known(today, calendar, [_person(each) for each in offered.contacts], _wares(offered))
    said = [each for each in read_line(text, known) if not plan or isinstance(each, Attendee)]
    return list(_chips(said, offered))


def _chips(said: Sequence[Said], offered: OutcomeChoices) -> Iterator[Chip]:
    has_step = False
    rival = next((clean(each.name, 150) for each in said if isinstance(each, Rival)), "")
    names = {str(each.public_id): each.short_name for each in offered.contacts}
    people = [each.person.key for each in said if isinstance(each, Attendee) and each.person]
    for each in said:
        match each:
            case Attendee():
                yield _attendee(each, names)
            case Objection():
                yield _objection(each, rival)
            case Agreement():
                yield _agreement("+", each.text, each.on, is_ours=each.is_ours)
            case Step() if has_step:
                yield _agreement(">", each.text, each.on)
            case Step():
                has_step = True
                yield _step(each)
            case Reaction():
                yield _reaction(each, offered)
            case Awaited():
                yield _awaited(each, offered, people)
            case Budget() if each.rubles <= MONEY_MAX:
                text = _("budget %s") % money(each.rubles)
                yield Chip("budget:", "₽", text, values={"budget": str(each.rubles)})


def _attendee(said: Attendee, names: Mapping[str, str]) -> Chip:
    name = clean(said.name, NAME_MAX)
    if said.person:
        key = said.person.key
        return Chip(f"person:{key}", "@", names[key], ticks={"attendees": key})
    if said.is_new:
        row = ("people", {"name": name})
        return Chip(f"new:{fold(name)}", "@", _("%s, a new person") % name, row=row)
    hint = _(
        "Nobody is known by this name here, or several people are. It stays text; @+%s adds a new person."
    )
    return Chip(f"nobody:{fold(name)}", "@", name, warning=hint % name)


def _objection(said: Objection, rival: str) -> Chip:
    """With the client's words; that of a competitor names him too, as the grammar never finds one without the other."""
    label = str(ObjectionCategory(said.category).label)
    soft = {f"objection_{said.category}": clean(said.text, WORDS_MAX)}
    if said.category == ObjectionCategory.COMPETITOR and rival:
        label, soft["competitor"] = _("competitor %s") % rival, rival
    return Chip(f"objection:{said.category}", "!", label, ticks={"objections": said.category}, soft=soft)


def _agreement(sign: str, said: str, on: date | None, *, is_ours: bool = True) -> Chip:
    text = clean(said, LINE_MAX)
    shown = _with_day(text, on) if is_ours else f"{_with_day(text, on)} · {_('the client')}"
    row = {"text": text, "who": "" if is_ours else CLIENT, "due_on": on.isoformat() if on else ""}
    return Chip(f"agreement:{fold(text)}", sign, shown, row=("agreements", row))


def _step(said: Step) -> Chip:
    """The next step; a dated one is a task of the author in the same save (R30)."""
    text = clean(said.text, LINE_MAX)
    task = _agreement(">", said.text, said.on).row if said.on else None
    day = {"next_step_on": said.on.isoformat()} if said.on else {}
    return Chip(
        "step:", ">", _with_day(text, said.on), values={"next_step": text, **day}, row=task,
        unless=("no_next_step_because",),
    )  # fmt: skip


def _reaction(said: Reaction, offered: OutcomeChoices) -> Chip:
    product = next(each for each in offered.products if each.code == said.ware)
    sign = f"{said.score:+d}".replace("-", "−")
    soft = {f"feedback_{said.ware}": clean(said.text, WORDS_MAX)} if said.text else {}
    values = {f"reaction_{said.ware}": str(said.score)}
    return Chip(f"reaction:{said.ware}", "±", f"{product.name} {sign}", values=values, soft=soft)


def _awaited(said: Awaited, offered: OutcomeChoices, people: list[str]) -> Chip:
    """A row of the catalogue's feature, or of a new one, with the only named person as the one who waits."""
    words, key = clean(said.text, WORDS_MAX), f"feature:{fold(said.text)[:LINE_MAX]}"
    if not offered.may_wait or not offered.products:
        return Chip(
            key, "?", words, warning=_("You may not enter awaited features of this client; it stays text.")
        )
    title = title_like(words, [each.title for each in offered.features]) or words[:200].strip()
    row = {"feature": title, "contact": people[0] if len(people) == 1 else "", "words": words}
    return Chip(key, "?", title, row=(WAITS, row))


def clean(text: str, longest: int) -> str:
    """As an input of one line would hold it: no line breaks and control characters, single spaces."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:longest].strip()


def _with_day(text: str, on: date | None) -> str:
    return f"{text} · {date_format(on, 'D j.m')}" if on else text


def _person(contact: Contact) -> Person:
    names = [getattr(contact, name) for name in ("last_name", "first_name", "patronymic", "position")]
    return Person(str(contact.public_id), *names)


def _wares(offered: OutcomeChoices) -> list[Ware]:
    """Products by all their names, spoken ones too; a name of one or two letters would be met everywhere."""
    return [
        Ware(each.code, [name for name in map(fold, _names(each)) if len(name) > 2])
        for each in offered.products
    ]


def _names(product: Product) -> list[str]:
    return [product.code, product.name_ru, product.name_en, *SPOKEN_WARES.get(product.code, ())]
