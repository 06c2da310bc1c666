"""Addresses of cash application."""

from django.urls import path

from cashapp.views import reconciliation, statement_file, statements

app_name = "cashapp"

urlpatterns = [
    path("bank-statements/", statements.statements_page, name="statements"),
    path("bank-statements/import/", statement_file.upload_page, name="upload_statement"),
    path("bank-statements/files/<int:pk>/", statement_file.file_page, name="statement_file"),
    path("bank-statements/files/<int:pk>/preview/", statement_file.preview_file, name="preview_statement"),
    path("bank-statements/files/<int:pk>/import/", statement_file.import_file, name="import_statement"),
    path("bank-statements/reconciliation/", reconciliation.reconciliation_page, name="reconciliation"),
    path("bank-statements/reconciliation.xlsx", reconciliation.reconciliation_workbook, name="reconciliation_workbook"),
    path("bank-statements/<int:pk>/", statements.statement_page, name="statement"),
    path("bank-statements/<int:pk>.xlsx", statements.statement_workbook, name="statement_workbook"),
]
