"""Decision-makers who come, go and fall silent, and clients that hang on one person (domain.md §2.11)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Interaction
from reports.signals.look import Evidence, Finding, Look, Maker
from reports.signals.rule import Voice, day_of
from upsell_crm.core import clock

LEFT, NEW = "left", "new"


def dm_changed(look: Look, days: int) -> Iterator[Finding]:
    """An ЛПР has gone within `days` and nobody has come in his place, or a new one has come and nobody spoke with him.

    The first ЛПР whom we enter for a client is no change.
    """
    since = look.as_of - timedelta(days=days)
    for company_id, makers in look.makers.items():
        present = [maker for maker in makers if _decides(maker, look.as_of)]
        comers = [maker for maker in present if maker.valid_from and maker.valid_from > since]
        for maker in comers:
            talked_on = look.last_talks.get(maker.contact_id)
            is_met = talked_on is not None and talked_on >= maker.valid_from  # type: ignore[operator]
            if _had_another(makers, maker) and not is_met:
                yield _change(company_id, maker, NEW, maker.valid_from)
        staying = {maker.contact_id for maker in present}
        gone = {maker.contact_id: maker for maker in makers if maker.contact_id not in staying}
        for maker in gone.values():
            day = _gone_on(maker)
            if day and since < day <= look.as_of and not _has_successor(comers, day):
                yield _change(company_id, maker, LEFT, day)


def _decides(maker: Maker, day: date) -> bool:
    return maker.is_working and (maker.valid_to is None or maker.valid_to > day)


def _gone_on(maker: Maker) -> date | None:
    days = [day for day in (maker.left_on, maker.valid_to) if day]
    return min(days, default=None)


def _had_another(makers: Iterable[Maker], comer: Maker) -> bool:
    return any(
        maker.contact_id != comer.contact_id
        and (maker.valid_from is None or maker.valid_from < comer.valid_from)  # type: ignore[operator]
        for maker in makers
    )


def _has_successor(comers: Iterable[Maker], day: date) -> bool:
    return any(comer.valid_from >= day for comer in comers)  # type: ignore[operator]


def _change(company_id: int, maker: Maker, change: str, day: date | None) -> Finding:
    evidence = {"change": change, "contact": maker.contact_id, "on": day.isoformat() if day else None}
    return Finding(company_id, str(maker.contact_id), evidence, severity=int(maker.is_key))


def dm_changed_words(evidence: Evidence, voice: Voice) -> str:
    """«Новый ЛПР: Орехов П. С., с 02.11.2026» or «ЛПР ушёл…, нового мы не знаем»."""
    person, is_new = voice.person(evidence), evidence["change"] == NEW
    day = date_format(day_of(evidence, "on"), "SHORT_DATE_FORMAT")
    if is_new and person:
        return _("New decision-maker: %(person)s, since %(day)s; nobody has spoken with him yet") % {
            "person": person, "day": day,
        }  # fmt: skip
    if is_new:
        return _("There is a new decision-maker since %(day)s; nobody has spoken with him yet") % {"day": day}
    if person:
        return _("%(person)s decides no more since %(day)s, and no successor is known") % {
            "person": person, "day": day,
        }  # fmt: skip
    return _("A decision-maker has gone on %(day)s, and no successor is known") % {"day": day}


def dm_silent(look: Look, days: int) -> Iterator[Finding]:
    """A key ЛПР with whom nobody had a two-way contact for `days`; one who came later is not silent yet."""
    since = look.as_of - timedelta(days=days)
    for company_id, makers in look.makers.items():
        seen: set[int] = set()
        for maker in makers:
            is_known = maker.valid_from is None or maker.valid_from <= since
            if maker.contact_id in seen or not (maker.is_key and is_known and _decides(maker, look.as_of)):
                continue
            seen.add(maker.contact_id)
            last_on = look.last_talks.get(maker.contact_id)
            if last_on is None or last_on <= since:
                evidence = {"contact": maker.contact_id, "last_on": last_on.isoformat() if last_on else None}
                yield Finding(company_id, str(maker.contact_id), evidence)


def dm_silent_words(evidence: Evidence, voice: Voice) -> str:
    """«Орехов П. С. (ключевой ЛПР): 104 дня без контакта»."""
    person, last_on = voice.person(evidence) or _("A key decision-maker"), day_of(evidence, "last_on")
    if last_on is None:
        return _("%(person)s: a key decision-maker with whom nobody has spoken yet") % {"person": person}
    days = (voice.today - last_on).days
    return ngettext(
        "%(person)s: %(n)s day without contact with a key decision-maker",
        "%(person)s: %(n)s days without contact with a key decision-maker",
        days,
    ) % {"person": person, "n": days}


def single_thread(look: Look, days: int) -> Iterator[Finding]:
    """In `days` one person of the client alone took part in our two-way talks."""
    began = clock.bounds(look.as_of - timedelta(days=days))[0]
    talks = Interaction.objects.two_way().filter(
        company__in=look.company_ids, starts_at__range=(began, clock.day_end(look.as_of)),
        client_people__attended=True,
    )  # fmt: skip
    grouped = talks.order_by().values_list("company_id").annotate(
        contact=Max("client_people__contact"), talks=Count("pk", distinct=True), last=Max("starts_at"),
        people=Count("client_people__contact", distinct=True),
    )  # fmt: skip
    for company_id, contact_id, number, last_at, _people in grouped.filter(people=1):
        last_on = timezone.localtime(last_at).date()
        evidence = {"contact": contact_id, "talks": number, "last_on": last_on.isoformat(), "days": days}
        yield Finding(company_id, "", evidence)


def single_thread_words(evidence: Evidence, voice: Voice) -> str:
    """«За 180 дней говорили только с одним человеком: Орехов П. С., 3 разговора»."""
    talks = ngettext("%(n)s talk", "%(n)s talks", evidence["talks"]) % {"n": evidence["talks"]}
    period = ngettext("In %(n)s day", "In %(n)s days", evidence["days"]) % {"n": evidence["days"]}
    if person := voice.person(evidence):
        return _("%(period)s only one person was spoken to: %(person)s, %(talks)s") % {
            "period": period, "person": person, "talks": talks,
        }  # fmt: skip
    return _("%(period)s only one person of the client was spoken to, %(talks)s") % {
        "period": period, "talks": talks,
    }  # fmt: skip
