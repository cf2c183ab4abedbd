"""Addresses of experience: notes, answers to objections, exchanges, thanks."""

from django.urls import URLPattern, path

from trainings.views import answers, notes, sessions, thanks

NOTE, SESSION = "notes/<uuid:public_id>/", "notes/sessions/<uuid:public_id>/"

EXPERIENCE_PAGES: list[URLPattern] = [
    path("notes/", notes.note_list, name="note_list"),
    path("notes/new/", notes.create_note, name="create_note"),
    path("notes/thanks/", thanks.thanks_list, name="thanks_list"),
    path("notes/thanks/<uuid:public_id>/take-back/", thanks.take_back, name="take_thanks_back"),
    path("notes/news/", thanks.my_experience, name="my_experience"),
    path("notes/sessions/", sessions.session_list, name="session_list"),
    path("notes/sessions/new/", sessions.create_session, name="create_session"),
    path(SESSION, sessions.session_detail, name="session_detail"),
    path(f"{SESSION}edit/", sessions.edit_session, name="edit_session"),
    path(f"{SESSION}hold/", sessions.hold, name="hold_session"),
    path(f"{SESSION}cancel/", sessions.cancel, name="cancel_session"),
    path(NOTE, notes.note_detail, name="note_detail"),
    path(f"{NOTE}edit/", notes.edit_note, name="edit_note"),
    path(f"{NOTE}vote/", notes.vote, name="vote_for_note"),
    path(f"{NOTE}pick/", notes.pick, name="pick_note"),
    path(f"{NOTE}hide/", notes.hide, name="hide_note"),
    path(f"{NOTE}thank/", notes.thank, name="thank_for_note"),
    path("companies/<uuid:public_id>/outcome/answers/", answers.outcome_answers, name="outcome_answers"),
    path("objections/<uuid:public_id>/answers/", answers.objection_answers, name="objection_answers"),
    path("deals/<uuid:public_id>/thanks/", thanks.deal_thanks, name="deal_thanks"),
    path("deals/<uuid:public_id>/thanks/say/", thanks.thank_deal, name="thank_deal"),
]
