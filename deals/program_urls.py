"""Addresses of holding programmes."""

from django.urls import URLPattern, path

from deals.views import mechanics, program_steps, programs

ONE = "deals/<uuid:public_id>/program/"

PROGRAM_PAGES: list[URLPattern] = [
    path(ONE, programs.program_detail, name="program_detail"),
    path(f"{ONE}summary/", programs.program_summary, name="program_summary"),
    path(f"{ONE}sheet/", programs.program_sheet, name="program_sheet"),
    path(f"{ONE}move/<slug:to>/", program_steps.move, name="move_program"),
    path(f"{ONE}override/<slug:opens>/", program_steps.override, name="override_gate"),
    path(f"{ONE}value/", program_steps.quick_value, name="quick_value"),
    path(f"{ONE}consents/new/", program_steps.new_consent, name="draft_consent"),
    path(f"{ONE}functions/new/", mechanics.new_function, name="assign_function"),
    path("program-values/<uuid:public_id>/", program_steps.value, name="edit_value"),
    path("consents/<uuid:public_id>/", program_steps.edit_consent, name="edit_consent"),
    path("consents/<uuid:public_id>/give/", program_steps.consent_given, name="give_consent"),
    path("consents/<uuid:public_id>/revoke/", program_steps.consent_revoked, name="revoke_consent"),
    path("functions/<uuid:public_id>/", mechanics.person, name="change_person"),
    path("functions/<uuid:public_id>/end/", mechanics.ended, name="end_function"),
    path("companies/<uuid:public_id>/holding/", programs.company_matrix, name="company_matrix"),
]
