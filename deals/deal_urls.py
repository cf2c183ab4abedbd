"""Addresses of deals: list, board, page, forms, steps."""

from django.urls import URLPattern, path

from deals.views import company_deals, deal_board, deal_detail, deal_forms, deal_list, deal_moves

DEAL_PAGES: list[URLPattern] = [
    path("deals/", deal_list.deal_list, name="deal_list"),
    path("deals/board/", deal_board.deal_board, name="deal_board"),
    path("deals/totals/", deal_list.deal_totals, name="deal_totals"),
    path("deals/<uuid:public_id>/", deal_detail.deal_detail, name="deal_detail"),
    path("deals/<uuid:public_id>/talks/", deal_detail.deal_talks, name="deal_talks"),
    path("deals/<uuid:public_id>/history/", deal_detail.deal_history, name="deal_history"),
    path("deals/<uuid:public_id>/checks/", deal_detail.check_stage, name="check_stage"),
    path("deals/<uuid:public_id>/edit/", deal_forms.edit_deal, name="edit_deal"),
    path("deals/<uuid:public_id>/lines/", deal_forms.edit_lines, name="edit_lines"),
    path("deals/<uuid:public_id>/move/<slug:to>/", deal_moves.move, name="move_deal"),
    path("deals/<uuid:public_id>/move/<slug:to>/undo/", deal_moves.undo_move, name="undo_move"),
    path("deals/<uuid:public_id>/hold/", deal_moves.hold, name="hold_deal"),
    path("deals/<uuid:public_id>/resume/", deal_moves.resume, name="resume_deal"),
    path("deals/<uuid:public_id>/lose/", deal_moves.lose, name="lose_deal"),
    path("deals/<uuid:public_id>/lose/refuse/", deal_moves.refuse, name="refuse_loss"),
    path("deals/<uuid:public_id>/reopen/", deal_moves.reopen, name="reopen_deal"),
    path("deals/<uuid:public_id>/won/", deal_moves.win_reasons, name="win_reasons"),
    path("companies/<uuid:public_id>/deals/", company_deals.company_deals, name="company_deals"),
    path("companies/<uuid:public_id>/deals/new/", deal_forms.create_deal, name="create_deal"),
    path("companies/<uuid:public_id>/deals/suggest/", deal_forms.suggest_deal, name="suggest_deal"),
    path("companies/<uuid:public_id>/deals/choose/", company_deals.outcome_deals, name="outcome_deals"),
]
