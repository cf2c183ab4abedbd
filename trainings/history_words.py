"""How the history of a client tells what happened in this room: event → what the person did (R15)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "plan_training": _("planned a training"),
    "update_training": _("changed a training"),
    "hold_training": _("marked a training as held"),
    "move_training": _("moved a training"),
    "end_training": _("cancelled a training"),
    "replan_training": _("planned a training again"),
    "enter_results": _("entered the results of a training"),
    "link_trainee": _("linked a trainee to a contact"),
    "unlink_trainee": _("took back the link of a trainee"),
    "give_thanks": _("said thanks to a colleague"),
    "use_note": _("took a note to answer an objection"),
}
