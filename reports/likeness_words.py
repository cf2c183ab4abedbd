"""Why a product is offered, in one sentence: «5 из 8 страховщиков сегмента L с Casebook купили Caselook»."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from accounts.enums import Industry
from accounts.models import Product
from reports.likeness import Place
from reports.lookalikes import Offer

# In the genitive where a language has one: «из 8 страховщиков», «из 21 страховщика».
WHO: dict[str, Callable[[int], str]] = {
    Industry.BANK: lambda n: npgettext("of so many", "bank", "banks", n),
    Industry.INSURANCE: lambda n: npgettext("of so many", "insurer", "insurers", n),
    Industry.TELECOM: lambda n: npgettext("of so many", "telecom operator", "telecom operators", n),
    Industry.ENERGY: lambda n: npgettext("of so many", "energy company", "energy companies", n),
    Industry.INDUSTRY: lambda n: npgettext("of so many", "manufacturer", "manufacturers", n),
    Industry.RETAIL: lambda n: npgettext("of so many", "retailer", "retailers", n),
    Industry.CONSTRUCTION: lambda n: npgettext("of so many", "builder", "builders", n),
    Industry.TRANSPORT: lambda n: npgettext("of so many", "carrier", "carriers", n),
    Industry.PUBLIC: lambda n: npgettext("of so many", "public body", "public bodies", n),
    Industry.LAW: lambda n: npgettext("of so many", "law firm", "law firms", n),
    Industry.IT: lambda n: npgettext("of so many", "IT company", "IT companies", n),
}


def reason_of(offer: Offer, products: Mapping[int, Product]) -> str:
    """The peers and what they have done, in words."""
    peers = offer.peers
    words = {
        "bought": peers.bought,
        "number": peers.number,
        "who": _who(peers.place, peers.number, products),
        "product": offer.product,
    }
    return (
        ngettext(
            "%(bought)s of %(number)s %(who)s has bought %(product)s",
            "%(bought)s of %(number)s %(who)s have bought %(product)s",
            peers.bought,
        )
        % words
    )


def _who(place: Place, number: int, products: Mapping[int, Product]) -> str:
    who = WHO.get(place.industry)
    words = [who(number) if who else npgettext("of so many", "client", "clients", number)]
    if place.segment:
        words.append(_("of segment %(segment)s") % {"segment": place.segment})
    if place.base_product in products:
        words.append(_("with %(product)s") % {"product": products[place.base_product]})
    return " ".join(words)
