"""Who of us is expert in which product, kept by the lead of the team (R64)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Expertise, Product
from upsell_crm.core import audit
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope


def may_set_expertise(by: User, person: User) -> bool:
    """The lead of his team, or the head of the department."""
    scopes = by.scopes(Action.ASK_KAM)
    return Scope.ALL in scopes or (Scope.TEAM in scopes and bool(by.team_id) and by.team_id == person.team_id)


def set_expertise(*, by: User, person: User, product: Product, is_expert: bool) -> None:
    """Mark or unmark; the same again changes nothing. Raises NotAllowed."""
    if not may_set_expertise(by, person):
        raise NotAllowed("not_the_lead", _("Only the lead of the team marks its experts."))
    with transaction.atomic():
        if is_expert:
            _row, is_changed = Expertise.objects.get_or_create(user=person, product=product)
        else:
            is_changed = bool(Expertise.objects.filter(user=person, product=product).delete()[0])
        if is_changed:
            audit.record("set_expertise", person, by=by, changes={product.code: [not is_expert, is_expert]})
