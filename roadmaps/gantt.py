"""The geometry of a timeline: days become per cents of the width, rows become pixels. No Django, no words.

Per cents let one picture fill any screen and an A4 page; the template draws it and CSS colours it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.working_days import WorkCalendar
from roadmaps.schedule import Forecast

ROW, BAND, BAR, SCALE = 30, 30, 16, 36  # px: a task, the head of a group, the bar of a task, the dates
PAGE = 560  # px of an A4 page that a picture has
LANE = 18  # px: one lane of the flags over the dates
LONGEST_DAYS = 400  # a limit farther away than that is named in words only
FLAG_SHARE = 17.0  # per cent of the width that the words of a flag take
NAME_SHARE = 0.08  # of what is in sight: the name of a month needs as much
FOR_DAYS, FOR_WEEKS = 45, 200  # so many days in sight: each day has its number, each week, or months only
FACTORS = (
    1,
    2,
    3,
    4,
    6,
    8,
    10,
    13,
    16,
    20,
    26,
)  # how much wider than its box a picture may be (css/gantt.css)


@dataclass(frozen=True)
class Task:
    """One task to be drawn: `due` is included; `end` = its forecast; `of` = whatever the template says about it."""

    id: int
    start: date
    due: date
    forecast: Forecast
    of: Any = None


@dataclass(frozen=True)
class Window:
    """The days of the picture, both included, whole weeks."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def x(self, day: date) -> float:
        """Where a day begins, per cent of the width."""
        return 100 * (day - self.first).days / self.days

    def width(self, first: date, last: date) -> float:
        """How wide the days [first, last] are."""
        return 100 * ((last - first).days + 1) / self.days


@dataclass(frozen=True, slots=True)
class Stripe:
    """A run of days: days off, a month, or from one date of the scale to the next; `is_narrow` = no room for its name."""

    x: str
    width: str
    day: date
    is_narrow: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A day with a name over the dates; `is_turned` = its words stand left of the line."""

    kind: str
    label: str
    day: date
    x: str
    y: int
    is_turned: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One task: `y` inside its group; the tail leads from the due day to the forecast, when that is later.

    `note_x` = where its words stand; `is_turned` = they end there.
    """

    task: Task
    x: str
    width: str
    y: int
    end_x: str
    tail_width: str
    note_x: str
    is_turned: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the end of what is done first down (or up) to the beginning of what follows."""

    before: int
    after: int
    x1: str
    x2: str
    y1: int
    drop: int  # px, negative = upwards
    is_critical: bool
    is_broken: bool  # what follows is planned before the other one ends


@dataclass(frozen=True)
class Group:
    """Tasks of one person or one client."""

    name: str
    y: int
    bars: list[Bar] = field(default_factory=list)

    @property
    def height(self) -> int:
        return len(self.bars) * ROW


@dataclass(frozen=True)
class Chart:
    """All that the template draws."""

    window: Window
    months: list[Stripe]
    ticks: list[Stripe]
    weeks: list[Stripe]  # the dates that the head of each group repeats
    days_off: list[Stripe]
    flags: list[Flag]  # and lines over the rows
    groups: list[Group]
    arrows: list[Arrow]
    lanes: int
    factor: int
    off: str  # offsets of the days off, for the script that moves bars

    @property
    def is_tall(self) -> bool:
        """Longer than one page of paper."""
        return sum(BAND + group.height for group in self.groups) > PAGE

    @property
    def head(self) -> int:
        """Height of the flags over the dates."""
        return self.lanes * LANE


def chart(
    groups: Sequence[tuple[str, Sequence[Task]]], calendar: WorkCalendar, limits: Iterable[tuple[str, str, date]],
    *, in_sight: int | None = None,
) -> Chart:  # fmt: skip
    """The picture. `limits` = (kind, label, day); `in_sight` = days that fit on the screen, None = all of them."""
    tasks = [task for _name, own in groups for task in own]
    named = sorted(limits, key=lambda limit: limit[2])
    window = window_of(tasks, [day for _kind, _label, day in named])
    shown = [limit for limit in named if window.first <= limit[2] <= window.last]
    flags, lanes = _flags(shown, window)
    factor = factor_of(window.days, in_sight)
    drawn = _groups(groups, window, lanes * LANE + SCALE)
    in_view = window.days / factor
    return Chart(
        window, list(_months(window, in_view)), list(_ticks(window, in_view)),
        list(_weeks(window, in_view)), list(_days_off(window, calendar)),
        flags, drawn, list(_arrows(drawn)), lanes, factor,
        ",".join(str(n) for n in range(window.days) if not calendar.is_working(window.first + timedelta(days=n))),
    )  # fmt: skip


def window_of(tasks: Sequence[Task], limits: Sequence[date]) -> Window:
    """Whole weeks around the tasks, their forecasts and the limits (one at least) that are not too far away."""
    days = [day for task in tasks for day in (task.start, task.due, task.forecast.end)]
    middle = min(days, default=limits[0])
    days += [day for day in limits if abs((day - middle).days) <= LONGEST_DAYS] or [middle]
    first, last = min(days) - timedelta(days=2), max(days) + timedelta(days=5)
    return Window(first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday()))


def factor_of(days: int, in_sight: int | None) -> int:
    """How many times the picture is wider than its box, one of FACTORS."""
    if in_sight is None:
        return 1
    return min(FACTORS, key=lambda factor: abs(factor - days / in_sight))


def pct(value: float) -> str:
    """With a point in every language."""
    return f"{value:.3f}%"


def _months(window: Window, in_sight: float) -> Iterator[Stripe]:
    first = window.first
    while first <= window.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = min(following - timedelta(days=1), window.last)
        is_narrow = (last - first).days + 1 < in_sight * NAME_SHARE
        yield Stripe(pct(window.x(first)), pct(window.width(first, last)), first, is_narrow)
        first = following


def _ticks(window: Window, in_sight: float) -> Iterator[Stripe]:
    """Days, Mondays or nothing, as there is room."""
    if in_sight > FOR_WEEKS:
        return
    step = 1 if in_sight <= FOR_DAYS else 7
    for number in range(0, window.days, step):
        day = window.first + timedelta(days=number)
        yield Stripe(pct(window.x(day)), pct(window.width(day, day) * step), day)


def _weeks(window: Window, in_sight: float) -> Iterator[Stripe]:
    """Mondays, or months where there is no room for them."""
    return _months(window, in_sight) if in_sight > FOR_WEEKS else _ticks(window, max(in_sight, FOR_DAYS + 1))


def _days_off(window: Window, calendar: WorkCalendar) -> Iterator[Stripe]:
    """Runs of days off."""
    begun: date | None = None
    for number in range(window.days + 1):
        day = window.first + timedelta(days=number)
        is_off = day <= window.last and not calendar.is_working(day)
        if is_off and begun is None:
            begun = day
        elif not is_off and begun is not None:
            yield Stripe(pct(window.x(begun)), pct(window.width(begun, day - timedelta(days=1))), begun)
            begun = None


def _flags(limits: Sequence[tuple[str, str, date]], window: Window) -> tuple[list[Flag], int]:
    """Names of days one under another where they would cover each other."""
    ends: list[float] = []  # how far each lane is taken
    flags = []
    for kind, label, day in limits:
        x = window.x(day) + 50 / window.days  # the middle of the day
        is_turned = x > 100 - FLAG_SHARE
        left = x - FLAG_SHARE if is_turned else x
        lane = next((n for n, end in enumerate(ends) if end <= left), len(ends))
        ends[lane : lane + 1] = [left + FLAG_SHARE]
        flags.append(Flag(kind, label, day, pct(x), lane * LANE, is_turned))
    return flags, len(ends)


def _groups(groups: Sequence[tuple[str, Sequence[Task]]], window: Window, top: int) -> list[Group]:
    drawn, y = [], top
    for name, tasks in groups:
        y += BAND
        drawn.append(Group(name, y, [_bar(task, number * ROW, window) for number, task in enumerate(tasks)]))
        y += len(tasks) * ROW
    return drawn


def _bar(task: Task, y: int, window: Window) -> Bar:
    x, width = window.x(task.start), window.width(task.start, task.due)
    end = x + width
    forecast = window.x(task.forecast.end) + 100 / window.days if task.forecast.slack is not None else end
    tail = max(forecast - end, 0)
    is_turned = end + tail > 100 - FLAG_SHARE
    return Bar(
        task, pct(x), pct(width), y + (ROW - BAR) // 2, pct(end), pct(tail) if tail else "",
        pct(x if is_turned else end + tail), is_turned,
    )  # fmt: skip


def _arrows(groups: Sequence[Group]) -> Iterator[Arrow]:
    """Of open tasks only: what is done holds nobody."""
    places = {bar.task.id: (bar, group.y + bar.y + BAR // 2) for group in groups for bar in group.bars}
    for bar, y2 in places.values():
        for before in bar.task.forecast.held_by:
            other, y1 = places[before]
            drop = y2 - y1 + (-BAR // 2 if y2 > y1 else BAR // 2)
            is_broken = other.task.due >= bar.task.start
            is_critical = other.task.forecast.is_critical and bar.task.forecast.is_critical
            yield Arrow(before, bar.task.id, other.end_x, bar.x, y1, drop, is_critical, is_broken)
