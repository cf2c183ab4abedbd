"""The checklist of stage 1: every fact with its value in words, its source, who checked it and until when (R46–R48)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.company_card import ProductUse, product_use, with_card_facts
from accounts.enums import DecisionRole, Fact, InterestLevel
from accounts.fact_states import FactState
from accounts.models import (
    Company,
    CompanyYear,
    ContactRole,
    Department,
    ProcurementProfile,
    Product,
)
from accounts.profile_words import requisites_words, revenue_words
from roadmaps.stage1 import Standing
from upsell_crm.core.templatetags.crm import day, money, number

CHANGE_FORMS = {  # fact → URL name of the form that changes it, and the right that it needs
    Fact.DM: ("accounts:add_contact", "edit_contacts"),
    Fact.PROCUREMENT: ("accounts:edit_procurement", "edit_procurement"),
    Fact.REVENUE: ("accounts:save_revenue", "edit_company"),
    Fact.COURT_LOAD: ("accounts:save_court_load", "edit_company"),
    Fact.DEPARTMENTS: ("accounts:save_department", "edit_company"),
    Fact.REQUISITES: ("accounts:edit_company", "edit_requisites"),
}
SHOWN = 6  # products or departments in one line


@dataclass(frozen=True, slots=True)
class FactLine:
    """One line of the checklist. `value` is "" when we know nothing; `details` are smaller words under it."""

    standing: Standing
    value: str
    source: str
    details: list[str] = field(default_factory=list)
    form: str = ""
    may_confirm: bool = False

    @property
    def state(self) -> FactState:
        return self.standing.state

    @property
    def key(self) -> str:
        """The id of its row on the page."""
        contact = self.state.contact
        return f"fact-{self.state.fact}{f'-{contact.public_id}' if contact else ''}"

    @property
    def can_confirm(self) -> bool:
        """There is something to confirm: a named person, or any other fact of which we know a value."""
        return self.may_confirm and bool(self.value)


@dataclass(frozen=True, slots=True)
class _Words:
    value: str
    source: str = ""
    details: list[str] = field(default_factory=list)


def fact_lines(
    company: Company, facts: list[Standing], rights: dict[str, bool], today: date
) -> list[FactLine]:
    """A line per standing, in its order; four statements whatever the client's size. `rights`: accounts.rights_on."""
    known = _known(company, rights, today)
    roles = {role.contact_id: role for role in _maker_roles(company, facts)}
    return [_line(fact, known, roles, rights) for fact in facts]


def _line(
    fact: Standing, known: dict[str, _Words], roles: dict[int, ContactRole], rights: dict[str, bool]
) -> FactLine:  # fmt: skip
    state = fact.state
    words = known[state.fact] if state.contact is None else _maker(state.contact, roles.get(state.contact.pk))
    form, right = CHANGE_FORMS.get(state.fact, ("", ""))
    may_confirm = rights["confirm_facts"] or (state.fact == Fact.REQUISITES and rights["edit_requisites"])
    return FactLine(
        fact, words.value, words.source or (_answer_source(state) if words.value else ""), words.details, form if right and rights[right] else "",
        may_confirm,
    )  # fmt: skip


def _answer_source(state: FactState) -> str:
    """Where the last answer comes from: a communication with the client, or somebody's word."""
    check = state.check
    if check is None:
        return ""
    if check.interaction is None:
        return _("entered by hand")
    return _("%(kind)s of %(day)s") % {
        "kind": check.interaction.get_kind_display(), "day": day(check.interaction.starts_at),
    }  # fmt: skip


def _known(company: Company, rights: dict[str, bool], today: date) -> dict[str, _Words]:
    years = CompanyYear.objects.filter(company=OuterRef("pk")).order_by("-year")
    cards = with_card_facts(Company.objects.filter(pk=company.pk)).annotate(
        revenue_source=Subquery(years.values("source")[:1]), revenue_on=Subquery(years.values("as_of")[:1])
    )
    card: Any = cards.get()
    uses = product_use(company, today)
    return {
        Fact.DM: _Words(""),
        Fact.PROCUREMENT: _procurement(getattr(card, "procurement", None), rights),
        Fact.REVENUE: _revenue(card, revenue_words(card, may_see_money=rights["see_money"])),
        Fact.COURT_LOAD: _court_load(card, rights),
        Fact.LICENCES: _licences(uses),
        Fact.USERS: _users(uses),
        Fact.DEPARTMENTS: _departments(company),
        Fact.REQUISITES: _Words(requisites_words(card) if card.inn else "", "", [_("OGRN %s") % card.ogrn] if card.ogrn else []),
    }  # fmt: skip


def _maker_roles(company: Company, facts: list[Standing]) -> Iterator[ContactRole]:
    people = [fact.state.contact.pk for fact in facts if fact.state.contact]
    roles = ContactRole.objects.filter(
        company=company, role=DecisionRole.DM, valid_to=None, contact__in=people
    )
    return roles.select_related("product").order_by("product_id", "pk").iterator()


def _maker(contact: Any, role: ContactRole | None) -> _Words:
    details = [contact.position] if contact.position else []
    if role is not None:
        key = [_("key person")] if role.is_key else []
        influence = _("influence %(n)s of 5") % {"n": role.influence}
        details.append(", ".join([*key, influence, stance_words(role.attitude)]))
    return _Words(contact.full_name, _("import: %s") % contact.source if contact.source else "", details)


def stance_words(attitude: int) -> str:
    """−2…+2 in words."""
    if attitude == 0:
        return _("neutral")
    return _("for us") if attitude > 0 else _("against us")


def _procurement(profile: ProcurementProfile | None, rights: dict[str, bool]) -> _Words:
    if profile is None:
        return _Words("")
    kind = profile.default_type
    details = [terms for terms in (_terms(profile), _offer(profile, rights)) if terms]
    papers = [_("statement of work needed")] if profile.needs_tz else []
    papers += [_("contract in the client's form")] if profile.own_contract_form else []
    papers += [_("platform: %s") % profile.etp] if profile.etp else []
    return _Words(kind.name if kind else "", "", [*details, ", ".join(papers)] if papers else details)


def _terms(profile: ProcurementProfile) -> str:
    """Own terms of the client before those of the procedure, working days."""
    kind = profile.default_type
    approval = (
        profile.approval_bd_override
        if profile.approval_bd_override is not None
        else getattr(kind, "approval_bd", None)
    )
    lead = (
        profile.lead_bd_override if profile.lead_bd_override is not None else getattr(kind, "lead_bd", None)
    )
    if approval is None or lead is None:
        return ""
    return _("approval %(approval)s, procurement %(lead)s working days") % {
        "approval": approval,
        "lead": lead,
    }


def _offer(profile: ProcurementProfile, rights: dict[str, bool]) -> str:
    words = _("invoice-offer: %s") % profile.get_invoice_offer_policy_display()
    if profile.invoice_offer_limit is not None and rights["see_money"]:
        words += f" ({money(profile.invoice_offer_limit)})"
    return words


def _revenue(card: Any, words: str) -> _Words:
    if card.revenue_year is None:
        return _Words("")
    known = CompanyYear(source=card.revenue_source)
    source = _("%(source)s, %(day)s") % {"source": known.get_source_display(), "day": day(card.revenue_on)}
    return _Words(words, source)


def _court_load(card: Any, rights: dict[str, bool]) -> _Words:
    if card.cases_12m is None:
        return _Words("")
    cases = ngettext("%(n)s case in 12 months", "%(n)s cases in 12 months", card.cases_12m)
    claims = (
        [_("claims %s") % money(card.claims_amount)] if card.claims_amount and rights["see_money"] else []
    )
    return _Words(cases % {"n": number(card.cases_12m)}, _("data of %s") % day(card.cases_on), claims)


def _licences(uses: list[ProductUse]) -> _Words:
    owned = [f"{use.product} {number(use.seats)}" for use in uses if use.seats]
    return _Words(_few(owned), _("contracts in force") if owned else "")


def _users(uses: list[ProductUse]) -> _Words:
    measured = [use for use in uses if use.active is not None]
    words = [_use_words(use) for use in measured]
    latest = max((use.as_of for use in measured if use.as_of), default=None)
    return _Words(_few(words), _("usage on %s") % day(latest) if latest else "")


def _use_words(use: ProductUse) -> str:
    if use.percent is None:
        return f"{use.product} {number(use.active)}"
    words = _("%(product)s %(active)s of %(seats)s (%(percent)s %%)")
    return words % {
        "product": use.product, "active": number(use.active), "seats": number(use.seats), "percent": use.percent,
    }  # fmt: skip


def _departments(company: Company) -> _Words:
    """Each with its people, and the last word of each about products. One statement."""
    rows = Department.objects.filter(company=company).order_by("name", "interests__as_of", "interests__pk")
    names: dict[str, str] = {}
    levels: dict[str, dict[str, int]] = {}
    for name, people, level, *product in rows.values_list(
        "name", "headcount", "interests__level", "interests__product__name_ru", "interests__product__name_en"
    ):
        size = ngettext("%(n)s person", "%(n)s people", people or 0) % {"n": number(people)}
        names[name] = f"{name}, {size}" if people else name
        said = levels.setdefault(name, {})
        if level is not None:
            said[str(Product(name_ru=product[0], name_en=product[1]))] = level
    wishes = [
        f"{name}: " + ", ".join(f"{product} — {InterestLevel(level).label}" for product, level in said.items() if level)
        for name, said in levels.items()
        if any(said.values())
    ]  # fmt: skip
    return _Words(_few(list(names.values())), "", wishes[:SHOWN])


def _few(words: list[str]) -> str:
    """The first ones, and how many more there are."""
    left = len(words) - SHOWN
    more = ngettext("and %(n)s more", "and %(n)s more", left) % {"n": left} if left > 0 else ""
    return "; ".join([*words[:SHOWN], *([more] if more else [])])
