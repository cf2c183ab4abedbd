"""Addresses of documents, requests and the Closer's board."""

from django.urls import URLPattern, path

from deals.views import (
    deal_documents,
    document_calendar,
    document_page,
    document_requests,
    documents,
    outcome_documents,
)

DOCUMENT, REQUEST, DEAL = (
    "documents/<uuid:public_id>/",
    "document-requests/<uuid:public_id>/",
    "deals/<uuid:public_id>/",
)

DOCUMENT_PAGES: list[URLPattern] = [
    path("documents/", documents.document_list, name="document_list"),
    path("documents/board/", documents.document_board, name="document_board"),
    path("documents/calendar/", document_calendar.document_calendar, name="document_calendar"),
    path("documents/troubles/", document_calendar.document_troubles, name="document_troubles"),
    path(DOCUMENT, document_page.document_detail, name="document_detail"),
    path(f"{DOCUMENT}move/<slug:to>/", document_page.move, name="move_document"),
    path(f"{DOCUMENT}edit/", document_page.edit, name="edit_document"),
    path(f"{DOCUMENT}edo/", document_page.edo, name="set_edo"),
    path(f"{DOCUMENT}files/", document_page.new_file, name="add_document_file"),
    path("document-files/<uuid:public_id>/", document_page.document_file, name="document_file"),
    path(REQUEST, document_requests.request_detail, name="document_request"),
    path(f"{REQUEST}take/", document_requests.take, name="take_request"),
    path(f"{REQUEST}return/", document_requests.send_back, name="return_request"),
    path(f"{REQUEST}answer/", document_requests.answer, name="answer_request"),
    path(f"{DEAL}documents/", deal_documents.deal_documents, name="deal_documents"),
    path(f"{DEAL}documents/new/", deal_documents.new_document, name="create_document"),
    path(f"{DEAL}documents/request/", deal_documents.new_request, name="request_document"),
    path(f"{DEAL}documents/package/", deal_documents.new_package, name="create_package"),
    path(f"{DEAL}contract/", deal_documents.new_contract, name="draft_contract"),
    path(f"{DEAL}contract/link/", deal_documents.existing_contract, name="link_contract"),
    path("companies/<uuid:public_id>/documents/", deal_documents.company_documents, name="company_documents"),
    path("companies/<uuid:public_id>/outcome-documents/", outcome_documents.slot, name="outcome_documents"),
]
