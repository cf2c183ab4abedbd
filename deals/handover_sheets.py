"""A frozen dossier as tables in the reader's language: on the page, for print, and as text of the checklist."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.enums import (
    AgreementSide,
    ContractForm,
    ContractStatus,
    DecisionRole,
    FeatureStatus,
    InteractionKind,
    ObjectionCategory,
    OfferPolicy,
)
from deals.enums import Approval, DealStage, DocumentType
from upsell_crm.core.templatetags.crm import day, money

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table; numbers stand at the right."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One section: its title, the heads of its columns, its rows of cells."""

    code: str
    title: str
    columns: list[Cell]
    rows: list[list[Cell]]

    @property
    def text(self) -> str:
        """The rows as lines, for the checklist."""
        return "\n".join(" · ".join(cell.text for cell in row if cell.text != "—") for row in self.rows)


def sheets_of(dossier: dict[str, Any], *, with_money: bool, with_people: bool) -> list[Sheet]:
    """The sections that this reader may see; amounts and people's names only for whom they are meant (§3)."""
    return [
        _sheet(section, dossier.get(section.code, []), with_money=with_money)
        for section in SECTIONS
        if with_people or not section.names_people
    ]


@dataclass(frozen=True, slots=True)
class Section:
    """How the rows of one section are read: a column is its head and what stands in the cell."""

    code: str
    title: str | Promise
    columns: tuple[tuple[str | Promise, Callable[[Row], str]], ...]
    names_people: bool = False


AMOUNT = gettext_lazy("Amount")
INFLUENCE, STRENGTH = gettext_lazy("Influence"), gettext_lazy("Strength of the contact")
NUMBERS = (AMOUNT, INFLUENCE, STRENGTH)


def _sheet(section: Section, rows: Iterable[Row], *, with_money: bool) -> Sheet:
    columns = [column for column in section.columns if with_money or column[0] is not AMOUNT]
    return Sheet(
        section.code,
        str(section.title),
        [Cell(str(head), head in NUMBERS) for head, _cell in columns],
        [[Cell(cell(row), head in NUMBERS) for head, cell in columns] for row in rows],
    )


def _on(name: str) -> Callable[[Row], str]:
    return lambda row: day(date.fromisoformat(row[name])) if row.get(name) else "—"


def _sum(name: str) -> Callable[[Row], str]:
    return lambda row: money(Decimal(row[name])) if row.get(name) else "—"


def _words(name: str) -> Callable[[Row], str]:
    return lambda row: str(row.get(name) or "—")


def _of(choices: Any, name: str) -> Callable[[Row], str]:
    """The label of a code; a code that the product has forgotten stands as it is."""
    return lambda row: str(choices(row[name]).label) if row[name] in choices.values else str(row[name] or "—")


def _here(pair: list[str]) -> str:
    """The Russian or the English one of two names."""
    return pair[1 if (get_language() or "ru").startswith("en") else 0] if pair else "—"


def _seats(row: Row) -> str:
    return ", ".join(f"{_here([ru, en])} {seats}" for ru, en, seats in row["seats"]) or "—"


def _step(row: Row) -> str:
    return f"{row['next_step']}, {_on('next_step_on')(row)}" if row["next_step"] else "—"


def _person(row: Row) -> str:
    mark = f" ({_('key person')})" if row["is_key"] else ""
    return f"{row['name']}{mark}" + (f", {row['position']}" if row["position"] else "")


def _attitude(row: Row) -> str:
    words = {
        -2: pgettext("attitude", "against"),
        -1: pgettext("attitude", "rather against"),
        0: pgettext("attitude", "neutral"),
        1: pgettext("attitude", "rather for"),
        2: pgettext("attitude", "for"),
    }
    return words[row["attitude"]]


def _conditions(row: Row) -> str:
    said = [
        row["needs_tz"] and _("needs a statement of work"),
        row["own_form"] and _("contract in the client's form"),
        row["budget_month"] and _("budget is planned in month %d") % row["budget_month"],
        row["edo"] and _("e-documents: %s") % row["edo"],
        row["notes"],
    ]
    return "; ".join(str(text) for text in said if text) or "—"


SECTIONS: tuple[Section, ...] = (
    Section("contracts", gettext_lazy("Contracts and dates"), (
        (gettext_lazy("Contract"), _words("number")), (pgettext_lazy("contract", "Form"), _of(ContractForm, "form")),
        (gettext_lazy("State"), _of(ContractStatus, "status")), (gettext_lazy("Start"), _on("start")),
        (gettext_lazy("End"), _on("end")), (gettext_lazy("Licences"), _seats), (AMOUNT, _sum("amount")),
    )),
    Section("renewals", gettext_lazy("Renewals ahead"), (
        (gettext_lazy("Contract"), _words("number")), (gettext_lazy("End"), _on("end")),
        (gettext_lazy("Act by"), _on("act_by")),
    )),
    Section("deals", gettext_lazy("Open deals and next steps"), (
        (gettext_lazy("Deal"), _words("title")), (gettext_lazy("Stage"), _of(DealStage, "stage")),
        (gettext_lazy("To be signed by"), _on("target")), (gettext_lazy("Next step"), _step),
        (gettext_lazy("Responsible"), _words("kam")), (AMOUNT, _sum("amount")),
    )),
    Section("agreements", gettext_lazy("Agreements"), (
        (gettext_lazy("Whose"), _of(AgreementSide, "side")), (gettext_lazy("What"), _words("text")),
        (gettext_lazy("By"), _on("due")), (gettext_lazy("Who"), _words("owner")),
    ), names_people=True),
    Section("objections", gettext_lazy("Open objections"), (
        (gettext_lazy("Category"), _of(ObjectionCategory, "category")), (gettext_lazy("In the client's words"), _words("text")),
        (gettext_lazy("When"), _on("on")),
    )),
    Section("people", gettext_lazy("Map of decision-makers"), (
        (gettext_lazy("Who"), _person), (gettext_lazy("Role"), _of(DecisionRole, "role")),
        (INFLUENCE, _words("influence")), (gettext_lazy("Attitude"), _attitude),
        (STRENGTH, lambda row: str(row["strength"])),
        (gettext_lazy("Last talk"), _on("talked")),
    ), names_people=True),
    Section("features", gettext_lazy("Awaited features and promises"), (
        (gettext_lazy("Feature"), _words("feature")), (gettext_lazy("State"), _of(FeatureStatus, "status")),
        (gettext_lazy("Release"), _on("release")),
        (gettext_lazy("Promised"), lambda row: pgettext("promised", "yes") if row["promised"] else "—"),
        (gettext_lazy("In the client's words"), _words("quote")),
    )),
    Section("procurement", gettext_lazy("How the client buys"), (
        (gettext_lazy("Procedure"), lambda row: _here(row["type"])),
        (gettext_lazy("Invoice-offer"), _of(OfferPolicy, "policy")), (gettext_lazy("Platform"), _words("etp")),
        (gettext_lazy("Conditions"), _conditions), (AMOUNT, _sum("limit")),
    )),
    Section("documents", gettext_lazy("Documents in progress"), (
        (gettext_lazy("Document"), _of(DocumentType, "type")), (gettext_lazy("Number"), _words("number")),
        (gettext_lazy("State"), _of(Approval, "approval")), (gettext_lazy("Since"), _on("since")),
        (gettext_lazy("Due"), _on("due")), (gettext_lazy("Closer"), _words("closer")),
    )),
    Section("meetings", gettext_lazy("Last communications"), (
        (gettext_lazy("When"), _on("on")), (gettext_lazy("Kind"), _of(InteractionKind, "kind")),
        (gettext_lazy("With whom"), lambda row: ", ".join(row["people"]) or "—"), (gettext_lazy("Outcome"), _words("summary")),
    ), names_people=True),
)  # fmt: skip
