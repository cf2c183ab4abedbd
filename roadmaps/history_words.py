"""How the history of a client tells what happened in this room: event → what the person did (R15)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "create_plan": _("began a strategy"),
    "update_plan": _("changed the head of a strategy"),
    "upgrade_plan": _("made an action plan a roadmap"),
    "require_review": _("decided whether the lead checks a strategy"),
    "move_plan": _("moved a strategy"),
    "revise_plan": _("changed a plan in work"),
    "submit_plan": _("handed a plan in for review"),
    "review_plan": _("judged a plan"),
    "comment_plan": _("commented on an item of a plan"),
    "resolve_comment": _("settled a comment on a plan"),
    "open_plan_tasks": _("opened the tasks of a plan over stale facts"),
    "shut_plan_tasks": _("took back the leave to work over stale facts"),
    "change_fact": _("a fact has changed under a plan"),
    "settle_replan": _("said what a changed fact means for a plan"),
    "reopen_replan": _("took back the answer about a changed fact"),
    "add_plan_task": _("added a task to a plan"),
    "create_presentation": _("made a presentation"),
    "renew_presentation": _("began a new version of a presentation"),
    "edit_presentation": _("changed a presentation"),
    "move_presentation": _("moved a presentation"),
    "export_presentation": _("took the file of a presentation"),
    "save_logo": _("changed a logo"),
    "remove_logo": _("removed a logo"),
    "change_plan_task": _("changed a task of a plan"),
    "plan_sync": _("planned a sync"),
    "move_sync": _("moved a sync"),
    "cancel_sync": _("called a sync off"),
    "hold_sync": _("wrote the protocol of a sync"),
    "correct_sync": _("corrected the protocol of a sync"),
    "reopen_sync": _("took the protocol of a sync back"),
}
