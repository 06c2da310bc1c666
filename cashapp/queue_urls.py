"""Addresses of the queues: electronic payments, cheques, money that waits, corrections, accepted proposals."""

from django.urls import path

from cashapp.views import accepting, cheques, correcting, payments, payments_in, payouts, searching, settlements

urlpatterns = [
    path("cash/accept/", accepting.accept, name="accept_proposals"),
    path("payments/", payments.payments_page, name="payments"),
    path("payments/new/", payments_in.new_payment, name="take_in_payment"),
    path("payments/import/", payments_in.import_payments, name="import_payments"),
    path("payments/settings/", payments_in.payment_settings, name="payment_settings"),
    path("payments/settings/hours/", payments_in.hours, name="change_processing_hours"),
    path("payments/settings/providers/", payments_in.provider, name="add_provider"),
    path("payments/payouts/", payouts.payouts_page, name="payouts"),
    path("payments/payouts/new/", payouts.new_payout, name="record_payout"),
    path("payments/payouts/<int:pk>/", payouts.payout_page, name="payout"),
    path("payments/payouts/<int:pk>/take-off/", payouts.uncredit, name="uncredit_payout"),
    path("payments/settlements/", settlements.settlements_page, name="settlements"),
    path("payments/settlements/<int:pk>/", settlements.settlement_page, name="settlement"),
    path("payments/settlements/<int:pk>/take-in/", settlements.take_in, name="take_in_settlement"),
    path("payments/<int:pk>/", payments.payment_page, name="payment"),
    path("payments/<int:pk>/payer/", payments.say_payer_of, name="say_payer"),
    path("payments/<int:pk>/tell/", payments.tell, name="tell_of_payment"),
    path("payments/<int:pk>/take-back/", payments.take_back, name="return_payment"),
    path("cheques/", cheques.cheques_page, name="cheques"),
    path("cheques/new/", cheques.new_cheque, name="record_cheque"),
    path("cheques/slips/", cheques.slips_page, name="slips"),
    path("cheques/slips/new/", cheques.new_slip, name="fill_slip"),
    path("cheques/slips/<int:pk>/", cheques.slip_page, name="slip"),
    path("cheques/slips/<int:pk>/credit/", cheques.credit, name="credit_slip"),
    path("cheques/slips/<int:pk>.pdf", cheques.slip_pdf, name="slip_pdf"),
    path("cheques/<int:pk>/", cheques.cheque_page, name="cheque"),
    path("receipts/unapplied/", searching.waiting_page, name="unapplied"),
    path("receipts/unapplied/assign/", searching.assign, name="assign_search"),
    path("receipts/unapplied/<slug:key>/", searching.waiting_sum_page, name="waiting_sum"),
    path("receipts/unapplied/<slug:key>/note/", searching.note, name="note_search"),
    path("receipts/unapplied/<slug:key>/remind/", searching.remind, name="remind_payer"),
    path("receipts/unapplied/<slug:key>/review/", searching.review, name="review_old_cash"),
    path("receipts/<int:pk>/correct/", correcting.correct, name="correct_receipt"),
    path("receipts/corrections/<int:pk>/undo/", correcting.undo, name="undo_correction"),
]
