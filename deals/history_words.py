"""How the history of a client tells what happened in this room: event → what the person did (R15)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "create_deal": _("opened a deal"),
    "update_deal": _("changed a deal"),
    "set_lines": _("changed the lines of a deal"),
    "move_deal": _("moved a deal"),
    "save_checks": _("ticked the checklist of a deal"),
    "propose_loss": _("proposed to close a deal as lost"),
    "refuse_loss": _("refused the loss of a deal"),
    "say_win_reasons": _("named the reasons of a win"),
    "link_contract": _("linked a contract to a deal"),
    "follow_interaction": _("brought a deal up to date by a communication"),
    "add_member": _("added a colleague to a working group"),
    "end_member": _("ended a membership of a working group"),
    "choose_communicator": _("chose who leads the communication"),
}
