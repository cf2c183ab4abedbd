"""Finding a colleague or a team by what a list calls them."""

from django.utils.translation import gettext as _

from accounts.imports.base import RowProblem, Settings
from upsell_crm.core.models import Team, User
from upsell_crm.core.roles import Role
from upsell_crm.core.text import normalise


class PeopleIndex:
    """Working KAMs by login and name, teams by code and name."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._kams: dict[str, list[User]] = {}
        kams = User.objects.filter(is_active=True, roles__role=Role.KAM).select_related("team").distinct()
        for user in kams.order_by("pk"):
            names = {
                user.username,
                user.get_full_name(),
                f"{user.last_name} {user.first_name}",
                user.last_name,
            }
            for name in {normalise(name) for name in names} - {""}:
                self._kams.setdefault(name, []).append(user)
        self._teams = {
            normalise(word): team for team in Team.objects.order_by("pk") for word in (team.name, team.code)
        }

    def kam(self, word: str, column: str = "owner_kam") -> User:
        """The only working KAM with this login or name; raises RowProblem."""
        found = self._kams.get(normalise(word), [])
        if len(found) != 1:
            message = (
                _("Several KAMs have this name: write the login.")
                if found
                else _("There is no working KAM with this login or name.")
            )
            raise RowProblem(column, message)
        return found[0]

    def team(self, word: str, column: str = "team") -> Team:
        """The team with this code or name; raises RowProblem."""
        try:
            return self._teams[normalise(word)]
        except KeyError as problem:
            raise RowProblem(column, _("There is no team with this code or name.")) from problem
