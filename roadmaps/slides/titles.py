"""Titles that say the message of a slide, computed from its numbers (not «Usage» but «46 of 50 already work»)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from roadmaps.slides.wording import amount, full_day, money, number

Data = Mapping[str, Any]
MANY = Decimal("0.8")  # from this share of the paid seats on the slide says «already»


def needs(data: Data) -> str:
    groups = [group for group in data["groups"] if group["needs"]]
    count = sum(len(group["needs"]) for group in groups)
    if len(groups) < 2:
        text = ngettext("Your team has named %(n)s need", "Your team has named %(n)s needs", count)
        return text % {"n": count}
    where = npgettext("of the client", "%(n)s department", "%(n)s departments", len(groups)) % {
        "n": len(groups)
    }
    text = ngettext("%(n)s need named by %(where)s", "%(n)s needs named by %(where)s", count)
    return text % {"n": count, "where": where}


def quotes(data: Data) -> str:
    count = len(data["quotes"])
    if count == 1:
        return _("What your colleague says about the work with us")
    return ngettext(
        "%(n)s quote of your colleagues about the work with us",
        "%(n)s quotes of your colleagues about the work with us",
        count,
    ) % {"n": count}


def usage(data: Data) -> str:
    products = data["products"]
    seats = sum(int(product["seats"] or 0) for product in products)
    active = sum(int(product["active"] or 0) for product in products)
    if not seats:
        text = ngettext("%(n)s person works with our products", "%(n)s people work with our products", active)
        return text % {"n": number(active)}
    if active > seats:
        return _("More users than paid seats: %(active)s to %(seats)s") % {
            "active": number(active),
            "seats": number(seats),
        }
    words = {"active": number(active), "seats": number(seats)}
    if Decimal(active) / seats < MANY:
        return _("%(active)s of %(seats)s paid seats are in use") % words
    if len(products) == 1:
        return _("%(active)s of %(seats)s users already work with %(product)s") % {
            **words,
            "product": products[0]["product"],
        }
    return _("%(active)s of %(seats)s users already work with our products") % words


def court_load(data: Data) -> str:
    growth = data.get("growth_pct")
    last = data["periods"][-1] if data["periods"] else {"cases": 0}
    if growth is not None and growth > 0:
        return _("Your court load has grown by %(n)s %%") % {"n": number(growth)}
    if growth is not None and growth < 0:
        return _("Your court load has fallen by %(n)s %%") % {"n": number(-growth)}
    count = int(last["cases"])
    text = ngettext(
        "Your company takes part in %(n)s court case", "Your company takes part in %(n)s court cases", count
    )
    return text % {"n": number(count)}


def trainings(data: Data) -> str:
    count, people = len(data["trainings"]), int(data["people"] or 0)
    held = ngettext("%(n)s training held", "%(n)s trainings held", count) % {"n": number(count)}
    if not people:
        return held
    trained = ngettext("%(n)s employee has been trained", "%(n)s employees have been trained", people)
    return _("%(held)s, %(trained)s") % {"held": held, "trained": trained % {"n": number(people)}}


def features(data: Data) -> str:
    count = len(data["features"])
    asked = sum(1 for feature in data["features"] if feature.get("asked_by"))
    released = ngettext("%(n)s new feature released", "%(n)s new features released", count) % {
        "n": number(count)
    }
    if not asked:
        return released
    if asked == count:
        by_request = pgettext("new features", "all at your request") if count > 1 else _("at your request")
    else:
        by_request = _("%(n)s of them at your request") % {"n": number(asked)}
    return _("%(released)s, %(by_request)s") % {"released": released, "by_request": by_request}


def offer(data: Data) -> str:
    words = {"total": money(data["total"]), "discount": money(data["discount_total"])}
    if amount(data["discount_total"]) > 0:
        return _("Our offer: %(total)s, you save %(discount)s") % words
    return _("Our offer: %(total)s") % words


def schedule(data: Data) -> str:
    left = sum(1 for step in data["steps"] if not step["is_done"])
    if data.get("act_by"):
        return _("To be in time, start by %(day)s") % {"day": full_day(data["act_by"])}
    text = ngettext("%(n)s step to the result", "%(n)s steps to the result", left) % {"n": number(left)}
    if data.get("deadline"):
        return _("%(steps)s, ready by %(day)s") % {"steps": text, "day": full_day(data["deadline"])}
    return text if left else _("All steps are done")


def justification(data: Data) -> str:
    count = len(data["points"])
    if not count:
        return _("Why the purchase is justified")
    text = ngettext("%(n)s argument for the purchase", "%(n)s arguments for the purchase", count)
    return text % {"n": number(count)}


def trend(points: Sequence[Data]) -> str:
    first, last = int(points[0]["active"]), int(points[-1]["active"])
    words = {"first": number(first), "last": number(last), "day": full_day(points[0]["on"])}
    if last > first:
        return _("Since %(day)s the number of active users has grown from %(first)s to %(last)s") % words
    if last < first:
        return _("Since %(day)s the number of active users has gone from %(first)s to %(last)s") % words
    return _("The number of active users is steady: %(last)s") % words
