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
    "add_walk_ins": _("added people who came uninvited"),
    "cancel_activity": _("called a marketing activity off"),
    "cancel_session": _("called an exchange off"),
    "change_activity": _("changed a marketing activity"),
    "change_note": _("changed a note of experience"),
    "change_session": _("changed an exchange"),
    "clear_audience": _("cleared the audience of an activity"),
    "create_activity": _("planned a marketing activity"),
    "finish_activity": _("finished a marketing activity"),
    "hide_note": _("hid a note of experience"),
    "hold_session": _("held an exchange"),
    "mark_touches": _("marked who came or answered"),
    "pick_note": _("marked the best note of experience"),
    "plan_session": _("planned an exchange"),
    "take_segment": _("took a segment into an activity"),
    "take_thanks_back": _("took thanks back"),
    "vote_for_note": _("voted for a note of experience"),
    "write_note": _("wrote a note of experience"),
}
