"""The reasons of a score in words, in the reader's language (domain.md §4.6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Value
from django.utils.dates import MONTHS
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import Contact, ProcurementType, Product
from reports.facts import DAMP, FACTORS
from reports.models import RankRow
from upsell_crm.core.charts import DAMP_LABEL
from upsell_crm.core.charts import FACTORS as LABELS
from upsell_crm.core.models import User
from upsell_crm.core.templatetags.crm import money, slack_words

FLAGS: dict[str, tuple[str | Promise, str]] = {  # code → words and tone
    "key": (gettext_lazy("key client"), "accent"),
    "churn_risk": (gettext_lazy("churn risk"), "bad"),
    "over_licence": (gettext_lazy("more users than licences"), "info"),
    "dm_unknown": (gettext_lazy("decision-maker not known"), "warn"),
    "dm_unconfirmed": (gettext_lazy("decision-maker not confirmed"), "warn"),
    "procurement_unconfirmed": (gettext_lazy("procedure not confirmed"), "warn"),
    "stale_lead_times": (gettext_lazy("check the lead times"), "warn"),
    "over_limit": (gettext_lazy("the amount exceeds the limit of the procedure"), "warn"),
    "procedure_too_slow": (gettext_lazy("the usual procedure is too slow"), "bad"),
    "documents_rejected": (gettext_lazy("documents rejected"), "bad"),
    "documents_late": (gettext_lazy("documents stand longer than the norm"), "warn"),
    "overdue_debt": (gettext_lazy("overdue debt"), "bad"),
    "calendar_provisional": (gettext_lazy("provisional calendar"), "info"),
    "calendar_fallback": (gettext_lazy("no calendar for the year"), "info"),
    "deal_stalled": (gettext_lazy("the deal stands still"), "warn"),
}
STALLED: dict[str, str | Promise] = {  # what keeps a deal from being on track (§4.5)
    "no_step": gettext_lazy("no next step"),
    "step_passed": gettext_lazy("the day of its next step has passed"),
    "overdue": gettext_lazy("an overdue task"),
    "silent": gettext_lazy("no communication of the deal in 14 days"),
}
LEVELS: dict[int, str | Promise] = {  # where an approval time comes from (§4.2)
    1: gettext_lazy("KAM's estimate"),
    2: gettext_lazy("measured at this client"),
    3: gettext_lazy("measured at similar clients"),
    4: gettext_lazy("default of the procedure"),
    5: gettext_lazy("assumption"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One reason: the factor, its points and the sentence; `is_missing` and `is_stale` ask for data."""

    factor: str
    label: str
    points: Decimal
    text: str
    is_missing: bool = False
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A warning beside the score."""

    code: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Names:
    """The names behind the codes and ids of the evidence, read once for all rows of a page."""

    products: Mapping[str, str]
    procedures: Mapping[str, str]
    contacts: Mapping[int, str]
    users: Mapping[int, str]


def names_for(rows: Iterable[RankRow], viewer: User) -> Names:
    """Two statements, whatever the number of rows; people only as far as the viewer may see them."""
    relations = [row.evidence.get("relation") or {} for row in rows]
    words = _words_of_references()
    people = _names_of_people(
        {r["contact_id"] for r in relations if r.get("contact_id")},
        {r["user_id"] for r in relations if r.get("user_id")},
        viewer,
    )
    return Names(words["product"], words["procedure"], people["contact"], people["user"])


def _words_of_references() -> dict[str, dict[str, str]]:
    """Products and procedures by code, in the reader's language."""
    name = "name_en" if (get_language() or "ru").startswith("en") else "name_ru"
    tables = {"product": Product, "procedure": ProcurementType}
    first, second = (
        model.objects.order_by().annotate(table=Value(table)).values_list("table", "code", name)  # type: ignore[attr-defined]
        for table, model in tables.items()
    )
    found: dict[str, dict[str, str]] = {table: {} for table in tables}
    for table, code, words in first.union(second, all=True):
        found[table][code] = words
    return found


def _names_of_people(contact_ids: set[int], user_ids: set[int], viewer: User) -> dict[str, dict[int, str]]:
    """«Орехов П. С.» of the client, «Анна Лисина» of ours."""
    fields = ("table", "pk", "last_name", "first_name", "patronymic")
    contacts = Contact.objects.visible_to(viewer).filter(pk__in=contact_ids).order_by()
    users = User.objects.filter(pk__in=user_ids).order_by()
    found: dict[str, dict[int, str]] = {"contact": {}, "user": {}}
    both = contacts.annotate(table=Value("contact")).values_list(*fields)
    for table, pk, last, first, patronymic in both.union(
        users.annotate(table=Value("user")).values_list(*fields), all=True
    ):
        person = Contact(last_name=last, first_name=first, patronymic=patronymic)
        found[table][pk] = person.short_name if table == "contact" else f"{first} {last}".strip()
    return found


def explain(row: RankRow, names: Names) -> list[Line]:
    """Every line of the score in the order of the factors; their points sum to it (R26)."""
    lines = [_line(code, row, names) for code in FACTORS]
    damp = Decimal(row.contributions.get(DAMP, "0"))
    if damp:
        lines.append(Line(DAMP, str(DAMP_LABEL), damp, _damp(row.evidence[DAMP])))
    return lines


def top_lines(row: RankRow, names: Names, count: int = 3) -> list[Line]:
    """The largest lines, for lists (§4.6: at least three)."""
    said = [line for line in explain(row, names) if line.points and not line.is_missing]
    return sorted(said, key=lambda line: -abs(line.points))[:count]


def flags(row: RankRow) -> list[Flag]:
    """The warnings of a row in words."""
    return [Flag(code, str(FLAGS[code][0]), FLAGS[code][1]) for code in row.flags if code in FLAGS]


def missing_hint(row: RankRow) -> str:
    """«Нет данных: пользователи, процедура. Заполните — до +10,5», or nothing."""
    if not row.missing:
        return ""
    gain = row.evidence.get("missing_gain", {}).get("total", "0")
    return _("No data: %(list)s. Fill in to gain up to +%(points)s.") % {
        "list": ", ".join(str(LABELS[code]).lower() for code in row.missing),
        "points": number_format(Decimal(gain), 1),
    }


def notes(row: RankRow) -> list[str]:
    """Lines that carry no points: other contracts, merging, anniversary, budget month, way out when late."""
    found = []
    if others := row.evidence.get("others"):
        listed = ", ".join(_day(other["end"]) for other in others)
        found.append(
            ngettext("%(n)s more contract: %(list)s", "%(n)s more contracts: %(list)s", len(others))
            % {"n": len(others), "list": listed}
        )
    if row.evidence.get("merge"):
        found.append(_("Two contracts end close together: merge them into one renewal."))
    if stalled := row.evidence.get("stalled"):
        why = ", ".join(str(STALLED[code]) for code in stalled["why"])
        found.append(
            _("The deal «%(title)s» stands still: %(why)s.") % {"title": stalled["title"], "why": why}
        )
    renewal = row.evidence.get("renewal", {})
    if anniversary := renewal.get("anniversary"):
        found.append(_("Anniversary on %(day)s: a moment for an upsell.") % {"day": _day(anniversary["on"])})
    if row.evidence.get("procurement", {}).get("source") == "deal":
        found.append(
            _("Act-by goes by the procedure of the open deal; the card counts by the client's usual one.")
        )
    if until := renewal.get("auto_renew_until"):
        found.append(_("Automatic prolongation: the window is open until %(day)s.") % {"day": _day(until)})
    if month := row.evidence.get("budget_month"):
        found.append(_("The client plans its budget in: %(month)s.") % {"month": str(MONTHS[month]).lower()})
    if "procedure_too_slow" in row.flags:
        found.append(
            _(
                "Shorter ways: an addendum or an invoice-offer, a bridge of 1–3 months on the old terms, a one-stage contract."
            )
        )
    return found


def change_words(row: RankRow) -> str:
    """«▲ 4 места: запас сократился с 21 до 11 раб. дн.»; empty when nothing moved."""
    moved = (row.previous_position or 0) - (row.position or 0) if row.previous_position else 0
    if not moved and not row.change:
        return ""
    parts = []
    if moved:
        places = ngettext("%(n)s place", "%(n)s places", abs(moved)) % {"n": abs(moved)}
        parts.append(f"{'▲' if moved > 0 else '▼'} {places}")
    if row.change:
        parts.append(_cause(row.change))
    return ": ".join(parts)


def _cause(change: Mapping[str, Any]) -> str:
    if change["factor"] == "renewal" and change["slack_before"] is not None:
        return _("slack went from %(before)s to %(after)s working days") % {
            "before": change["slack_before"],
            "after": change["slack_after"],
        }
    label = DAMP_LABEL if change["factor"] == DAMP else LABELS[change["factor"]]
    points = Decimal(change["points"])
    return f"{str(label).lower()} {'+' if points > 0 else '−'}{number_format(abs(points), 1)}"


def _line(code: str, row: RankRow, names: Names) -> Line:
    evidence = row.evidence.get(code)
    is_missing = code in row.missing
    text = _("no data") if is_missing else _WORDS[code](evidence, names) if evidence else _ABSENT[code]
    points = Decimal(row.contributions.get(code, "0"))
    return Line(code, str(LABELS[code]), points, str(text), is_missing, code in row.stale)


def _renewal(e: Mapping[str, Any], names: Names) -> str:
    if e["is_expired"]:
        return _("contract № %(number)s ended on %(end)s, %(days)s working days ago") % {
            "number": e["number"],
            "end": _day(e["end"]),
            "days": e["expired_bd"],
        }
    return _(
        "contract № %(number)s until %(end)s. Act by %(act_by)s (%(slack)s: approval %(approval)s + "
        "procurement %(procurement)s + reserve %(buffer)s)"
    ) % {
        "number": e["number"],
        "end": _day(e["end"]),
        "act_by": _day(e["act_by"]),
        "slack": slack_words(e["slack"]),
        "approval": e["approval"],
        "procurement": e["procurement"],
        "buffer": e["buffer"],
    }


def _potential(e: Mapping[str, Any], names: Names) -> str:
    if not e["products"]:
        return _("nothing to add at present")
    parts = [
        _("%(product)s +%(seats)s seats (%(basis)s)")
        % {
            "product": names.products.get(part["product"], part["product"]),
            "seats": number_format(part["added"]),
            "basis": _("client's need") if part["basis"] == "interview" else _("estimate"),
        }
        for part in e["products"]
    ]
    capped = " " + _("capped by the client's revenue") if e["is_capped"] else ""
    return (
        _("up to %(amount)s a year — %(list)s") % {"amount": money(e["delta"]), "list": "; ".join(parts)}
        + capped
    )


def _users(e: Mapping[str, Any], names: Names) -> str:
    return _("%(active)s of %(seats)s active (%(percent)s %%)") % {
        "active": number_format(e["active"]),
        "seats": number_format(e["seats"]),
        "percent": e["percent"],
    }


def _training(e: Mapping[str, Any], names: Names) -> str:
    return _("index %(index)s of 100, the last on %(day)s «%(topic)s», %(people)s people") % {
        "index": e.get("index", "—"),
        "day": _day(e["last_on"]),
        "topic": e["topic"],
        "people": e["attended"],
    }


def _feature(e: Mapping[str, Any], names: Names) -> str:
    words = {
        "released": _("«%(title)s» was released on %(day)s and has not been shown"),
        "positive": _("«%(title)s» was shown on %(day)s, the response is positive"),
        "planned": _("«%(title)s» is planned for %(day)s"),
    }[e["state"]]
    key = {"released": "released_on", "positive": "presented_on", "planned": "planned_on"}[e["state"]]
    return words % {"title": e["title"], "day": _day(e[key])}


def _procurement(e: Mapping[str, Any], names: Names) -> str:
    return names.procedures.get(e["type"], e["type"])


def _approval(e: Mapping[str, Any], names: Names) -> str:
    return ngettext(
        "usually %(days)s working day (%(source)s)", "usually %(days)s working days (%(source)s)", e["days"]
    ) % {"days": e["days"], "source": LEVELS[e["level"]]}


def _relation(e: Mapping[str, Any], names: Names) -> str:
    person = names.contacts.get(e["contact_id"]) or _("a contact of another team")
    if e["user_id"] is None:
        return _("%(person)s, decision-maker: nobody of us is in touch") % {"person": person}
    return _("%(person)s, decision-maker — %(level)s of 5 with %(user)s") % {
        "person": person,
        "level": e["level"],
        "user": names.users.get(e["user_id"], "—"),
    }


def _damp(e: Mapping[str, Any]) -> str:
    return _("deal «%(title)s», next step on %(day)s") % {"title": e["title"], "day": _day(e["next_step"])}


def _day(iso: str | None) -> str:
    return date_format(date.fromisoformat(iso), "SHORT_DATE_FORMAT") if iso else "—"


_WORDS = {
    "renewal": _renewal,
    "potential": _potential,
    "users": _users,
    "training": _training,
    "feature": _feature,
    "procurement": _procurement,
    "approval": _approval,
    "relation": _relation,
}
_ABSENT: dict[str, str | Promise] = {
    "renewal": gettext_lazy("no data"),
    "potential": gettext_lazy("no data"),
    "users": gettext_lazy("no data"),
    "training": gettext_lazy("none held within a year"),
    "feature": gettext_lazy("the client waits for nothing"),
    "procurement": gettext_lazy("no data"),
    "approval": gettext_lazy("no data"),
    "relation": gettext_lazy("no active decision-maker is known"),
}
