"""Filters by the client, which most lists of the API have."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_filters import rest_framework as filters

from reports.models import ClientRow, OfferAnswer

OFFER_HELP = "Answer of the invoice-offer rule in the current report; may be repeated."
HOLDING_HELP = "Identifier of the head organisation: it and all its members."
KAM_HELP = "Identifier of the responsible KAM."
TEAM_HELP = "Code of the team, for example `K1`."


class OfCompany(filters.FilterSet):
    """What narrows a list by the client; `PATH` leads to the company."""

    PATH = ""

    inn = filters.CharFilter(method="by_company", help_text="ИНН of the client, exactly.")
    holding = filters.UUIDFilter(method="by_holding", help_text=HOLDING_HELP)
    team = filters.CharFilter(method="by_company", help_text=TEAM_HELP)
    kam = filters.UUIDFilter(method="by_kam", help_text=KAM_HELP)
    invoice_offer = filters.MultipleChoiceFilter(
        choices=OfferAnswer.choices, method="by_offer", help_text=OFFER_HELP
    )

    def by_company(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        field = {"inn": "inn", "team": "team__code"}[name]
        return rows.filter(**{f"{self.PATH}{field}": value})

    def by_kam(self, rows: QuerySet, name: str, value: UUID) -> QuerySet:
        return rows.filter(**{f"{self.PATH}owner_kam__public_id": value})

    def by_holding(self, rows: QuerySet, name: str, value: UUID) -> QuerySet:
        head, itself = f"{self.PATH}head__public_id", f"{self.PATH}public_id"
        return rows.filter(Q(**{head: value}) | Q(**{itself: value}))

    def by_offer(self, rows: QuerySet, name: str, values: list[str]) -> QuerySet:
        company = OuterRef(f"{self.PATH}pk")
        answered = ClientRow.objects.current().filter(company=company, offer__in=values)
        return rows.filter(Exists(answered))
