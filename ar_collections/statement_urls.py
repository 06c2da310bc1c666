"""Addresses of statements: of one customer, and of everybody by the rule."""

from django.urls import path

from ar_collections.views import statement_runs, statements

urlpatterns = [
    path("customers/<int:pk>/statement/", statements.statement_page, name="statement"),
    path("customers/<int:pk>/statement/send/", statements.send, name="send_statement"),
    path("customers/<int:pk>/statement/group/", statement_runs.send_to_group, name="send_group_statement"),
    path("customers/<int:pk>/statement.pdf", statements.statement_pdf, name="statement_pdf"),
    path("customers/<int:pk>/statement.xlsx", statements.statement_xlsx, name="statement_xlsx"),
    path("statements/", statement_runs.runs_page, name="statement_runs"),
    path("statements/rule/", statement_runs.rule_page, name="statement_rule"),
    path("statements/preview/", statement_runs.preview_page, name="preview_statements"),
    path("statements/start/", statement_runs.start, name="start_statements"),
]
