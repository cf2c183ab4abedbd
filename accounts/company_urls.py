"""Addresses of the client screens: list, card with its tabs, forms over companies, people and contracts."""

from django.urls import URLPattern, path

from accounts.views import company_edit, company_list, contact_edit, contracts, facts, procurement
from accounts.views.company_card import company_card, company_offer, company_people
from accounts.views.company_history import company_history
from accounts.views.company_timeline import company_interactions, company_timeline
from accounts.views.company_waits import company_matrix, company_product, company_waits
from accounts.views.contacts import company_contacts
from accounts.views.relationship_map import company_map, contact_map, superior

COMPANY = "companies/<uuid:public_id>/"
CONTACT = "contacts/<uuid:public_id>/"

COMPANY_PAGES: list[URLPattern] = [
    path("companies/", company_list.company_list, name="company_list"),
    path("companies/totals/", company_list.company_totals, name="company_totals"),
    path("companies/options/", company_list.company_options, name="company_options"),
    path("companies/new/", company_edit.create_new, name="create_company"),
    path(COMPANY, company_card, name="company_card"),
    path(f"{COMPANY}people/", company_people, name="company_people"),
    path(f"{COMPANY}offer/", company_offer, name="company_offer"),
    path(f"{COMPANY}timeline/", company_timeline, name="company_timeline"),
    path(f"{COMPANY}contacts/", company_contacts, name="company_contacts"),
    path(f"{COMPANY}contacts/map/", contact_map, name="contact_map"),
    path(f"{COMPANY}contacts/map/page/", company_map, name="company_map"),
    path(f"{COMPANY}contacts/similar/", contact_edit.similar, name="similar_contacts"),
    path(f"{COMPANY}contacts/new/", contact_edit.new_contact, name="add_contact"),
    path(f"{COMPANY}interactions/", company_interactions, name="company_interactions"),
    path(f"{COMPANY}contracts/", contracts.company_contracts, name="company_contracts"),
    path(f"{COMPANY}contracts/new/", contracts.new_contract, name="create_contract"),
    path(f"{COMPANY}procurement/", procurement.company_procurement, name="company_procurement"),
    path(f"{COMPANY}procurement/edit/", procurement.edit_procurement, name="edit_procurement"),
    path(f"{COMPANY}procurement/act-by/", procurement.procurement_act_by, name="procurement_act_by"),
    path(f"{COMPANY}waits/", company_waits, name="company_waits"),
    path(f"{COMPANY}matrix/", company_matrix, name="company_matrix"),
    path(f"{COMPANY}products/<slug:code>/", company_product, name="company_product"),
    path(f"{COMPANY}uses/", contracts.product_uses, name="product_uses"),
    path(f"{COMPANY}history/", company_history, name="company_history"),
    path(f"{COMPANY}facts/", facts.facts, name="facts"),
    path(f"{COMPANY}facts/confirm/", facts.confirm, name="confirm_fact"),
    path(f"{COMPANY}edit/", company_edit.edit_company, name="edit_company"),
    path(f"{COMPANY}field/<slug:name>/", company_edit.company_field, name="company_field"),
    path(f"{COMPANY}key/", company_edit.key_mark, name="mark_key"),
    path(f"{COMPANY}kam/", company_edit.change_kam, name="assign_kam"),
    path(f"{COMPANY}archive/", company_edit.archive, name="archive_company"),
    path(f"{COMPANY}restore/", company_edit.restore, name="restore_company"),
    path(f"{COMPANY}revenue/", company_edit.revenue, name="save_revenue"),
    path(f"{COMPANY}court-load/", company_edit.court_load, name="save_court_load"),
    path(f"{COMPANY}department/", company_edit.department, name="save_department"),
    path(f"{COMPANY}potential/", company_edit.estimate, name="save_estimate"),
    path(f"{CONTACT}edit/", contact_edit.edit_contact, name="edit_contact"),
    path(f"{CONTACT}role/", contact_edit.contact_role, name="contact_role"),
    path(f"{CONTACT}strength/", contact_edit.contact_strength, name="contact_strength"),
    path(f"{CONTACT}relation/", contact_edit.contact_link, name="contact_link"),
    path(f"{CONTACT}superior/", superior, name="set_superior"),
    path(f"{CONTACT}left/", contact_edit.left, name="mark_contact_left"),
    path(f"{CONTACT}anonymise/", contact_edit.anonymise, name="anonymise_contact"),
    path("contact-roles/<uuid:public_id>/end/", contact_edit.end_role, name="end_contact_role"),
    path("contact-relations/<int:pk>/remove/", contact_edit.remove_link, name="remove_link"),
    path("contracts/<uuid:public_id>/move/<slug:to>/", contracts.move, name="move_contract"),
]
