"""Licences against the people who use them and who learnt to use them, product by product (product.md §1.12)."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import ngettext

from reports.signals.look import Evidence, Finding, Look, Trained
from reports.signals.rule import Voice, day_of

BEGINS_WITHIN = timedelta(days=30)  # level 3 of Kirkpatrick is asked after so long (domain.md §4.3)
STEP = 10  # per cent: so much more use is «worse»


def licences_full(look: Look, percent: int) -> Iterator[Finding]:
    """Active users are `percent` of the paid seats or more."""
    for (company_id, product), (day, active) in look.usage.items():
        seats = look.seats.get((company_id, product), 0)
        if seats and active * 100 >= percent * seats:
            evidence = {"product": product, "active": active, "seats": seats, "as_of": day.isoformat()}
            yield Finding(company_id, product, evidence, severity=active * 100 // seats // STEP)


def licences_full_words(evidence: Evidence, voice: Voice) -> str:
    """«Casebook: активных пользователей 7 на 5 лицензий (на 21.11.2026)»."""
    return ngettext(
        "%(product)s: active users %(active)s for %(seats)s licence (on %(day)s)",
        "%(product)s: active users %(active)s for %(seats)s licences (on %(day)s)",
        evidence["seats"],
    ) % {
        "product": voice.product(evidence), "active": evidence["active"], "seats": evidence["seats"],
        "day": date_format(day_of(evidence, "as_of"), "SHORT_DATE_FORMAT"),
    }  # fmt: skip


def trained_over(look: Look, beyond: int) -> Iterator[Finding]:
    """`beyond` more people were trained in a year than there are seats; a product that was never bought has none.

    A client without any licence today has to be renewed first: he is told by the ranking.
    """
    clients = {company_id for company_id, _product in look.seats}
    for (company_id, product), people in look.trained.items():
        seats = look.seats.get((company_id, product), 0)
        if company_id in clients and (missing := len(people) - seats) >= beyond:
            evidence = {"product": product, "trained": len(people), "seats": seats}
            yield Finding(company_id, product, evidence, severity=missing)


def trained_over_words(evidence: Evidence, voice: Voice) -> str:
    """«Casebook: обучено 34, лицензий 20 — не хватает 14 мест»."""
    missing = evidence["trained"] - evidence["seats"]
    return ngettext(
        "%(product)s: trained %(trained)s, licences %(seats)s: %(missing)s seat is missing",
        "%(product)s: trained %(trained)s, licences %(seats)s: %(missing)s seats are missing",
        missing,
    ) % {**evidence, "product": voice.product(evidence), "missing": missing}


def trained_idle(look: Look, at_least: int) -> Iterator[Finding]:
    """`at_least` people trained more than 30 days ago do not use the product.

    Who has not begun is told by the results of the training; beyond that, active users fewer than the trained ones
    leave somebody idle whoever they are. What nobody knows is not held against anybody.
    """
    long_ago = look.as_of - BEGINS_WITHIN
    for (company_id, product), everybody in look.trained.items():
        people = [person for person in everybody if person.last_on < long_ago]
        active = look.usage.get((company_id, product), (None, None))[1]
        idle = _idle(people, active)
        if idle >= at_least:
            evidence = {
                "product": product, "trained": len(people), "idle": idle, "active": active,
                "last_on": max(person.last_on for person in people).isoformat(),
            }  # fmt: skip
            yield Finding(company_id, product, evidence, severity=idle)


def _idle(people: list[Trained], active: int | None) -> int:
    told = sum(person.has_begun is False for person in people)
    return told if active is None else max(told, len(people) - active)


def trained_idle_words(evidence: Evidence, voice: Voice) -> str:
    """«Casebook: 5 из 18 обученных не пользуются; последнее обучение 02.10.2026»."""
    return ngettext(
        "%(product)s: %(idle)s of %(trained)s trained does not use it; last training on %(day)s",
        "%(product)s: %(idle)s of %(trained)s trained do not use it; last training on %(day)s",
        evidence["idle"],
    ) % {
        "product": voice.product(evidence), "idle": evidence["idle"], "trained": evidence["trained"],
        "day": date_format(day_of(evidence, "last_on"), "SHORT_DATE_FORMAT"),
    }  # fmt: skip
