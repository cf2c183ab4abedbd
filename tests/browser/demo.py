"""Who is who in the demo story, by login and by № of domain.md §8.1."""

from accounts.models import Company
from deals.models import Deal
from upsell_crm.core.models import User
from upsell_crm.demo.clients_table import BY_NUMBER


def who(login: str) -> User:
    return User.objects.get(username=login)


def client(number: int) -> Company:
    return Company.objects.get(inn=BY_NUMBER[number].inn)


def open_deal(number: int) -> Deal:
    """The one open deal of this client."""
    return Deal.objects.open().get(company=client(number))
