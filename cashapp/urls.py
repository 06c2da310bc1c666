"""Addresses of cash application."""

from django.urls import path

from cashapp.views import desk, payers, receipts, reconciliation, signing, statement_file, statements

app_name = "cashapp"

urlpatterns = [
    path("cash/", desk.desk_page, name="desk"),
    path("cash/match-again/", desk.again, name="match_again"),
    path("cash/<int:pk>/", desk.desk_line, name="desk_line"),
    path("cash/<int:pk>/ask/", desk.ask, name="ask_about_line"),
    path("cash/<int:pk>/unidentified/", desk.unidentified, name="post_unidentified"),
    path("cash/<int:pk>/undo/", desk.undo, name="undo_line"),
    path("receipts/", receipts.receipts_page, name="receipts"),
    path("receipts/new/", receipts.new_receipt, name="post_receipt"),
    path("receipts/unapplied/", receipts.unapplied_page, name="unapplied"),
    path("receipts/<int:pk>/", receipts.receipt_page, name="receipt"),
    path("receipts/<int:pk>/unapply/", receipts.unapply, name="unapply_receipt"),
    path("receipts/<int:pk>/reverse/", receipts.reverse, name="reverse_receipt"),
    path("receipts/<int:pk>/return/", receipts.return_, name="return_receipt"),
    path("receipts/<int:pk>/move/", receipts.move, name="move_receipt"),
    path("match-rules/", payers.rules_page, name="rules"),
    path("match-rules/payers/<int:pk>/remember/", payers.remember, name="remember_payer"),
    path("match-rules/payers/<int:pk>/forget/", payers.forget, name="forget_payer"),
    path("bank-statements/", statements.statements_page, name="statements"),
    path("bank-statements/import/", statement_file.upload_page, name="upload_statement"),
    path("bank-statements/files/<int:pk>/", statement_file.file_page, name="statement_file"),
    path("bank-statements/files/<int:pk>/preview/", statement_file.preview_file, name="preview_statement"),
    path("bank-statements/files/<int:pk>/import/", statement_file.import_file, name="import_statement"),
    path("bank-statements/reconciliation/", reconciliation.reconciliation_page, name="reconciliation"),
    path("bank-statements/reconciliation.xlsx", reconciliation.reconciliation_workbook, name="reconciliation_workbook"),
    path("bank-statements/reconciliation/name/", signing.name, name="name_variance"),
    path("bank-statements/reconciliation/tie/", signing.tie, name="tie_posting"),
    path("bank-statements/reconciliation/prepare/", signing.prepare, name="prepare_reconciliation"),
    path("bank-statements/reconciliation/<int:pk>/withdraw/", signing.withdraw, name="withdraw_reconciliation"),
    path("bank-statements/reconciliation/<int:pk>/sign/", signing.sign, name="sign_reconciliation"),
    path("bank-statements/reconciliation/<int:pk>/reopen/", signing.reopen, name="reopen_reconciliation"),
    path("bank-statements/days/", reconciliation.month_page, name="bank_days"),
    path("bank-statements/<int:pk>/", statements.statement_page, name="statement"),
    path("bank-statements/<int:pk>.xlsx", statements.statement_workbook, name="statement_workbook"),
]
