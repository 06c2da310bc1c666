"""Addresses of invoices, credit notes and tax rates."""

from django.urls import path

from invoicing.correction_urls import urlpatterns as corrections
from invoicing.contract_urls import contract_patterns
from invoicing.views import (
    billing,
    billing_runs,
    credit_notes,
    drafts,
    invoices,
    issuing,
    lists,
    papers,
    tax_rates,
    tax_rules,
)

app_name = "invoicing"

urlpatterns = [
    *contract_patterns,
    path("invoices/", lists.invoices, name="invoices"),
    path("invoices/new/", drafts.draft, name="draft_invoice"),
    path("invoices/new/line/", drafts.line_row, name="line_row"),
    path("invoices/new/totals/", drafts.totals, name="draft_totals"),
    path("invoices/issue/", issuing.issue_many, name="issue_invoices"),
    path("invoices/<int:pk>/", invoices.invoice, name="invoice"),
    path("invoices/<int:pk>/pdf/", papers.invoice_pdf, name="invoice_pdf"),
    path("invoices/<int:pk>/pro-forma/", papers.pro_forma, name="pro_forma"),
    path("invoices/<int:pk>/pro-forma/send/", papers.send_as_pro_forma, name="send_pro_forma"),
    path("invoices/<int:pk>/data/<slug:profile>/", papers.invoice_data, name="invoice_data"),
    path("invoices/<int:pk>/data/<slug:profile>/", papers.invoice_data, name="invoice_data"),
    path("invoices/<int:pk>/change/", drafts.change, name="change_draft"),
    path("invoices/<int:pk>/discard/", drafts.discard, name="discard_draft"),
    path("invoices/<int:pk>/issue/", issuing.issue, name="issue_invoice"),
    path("invoices/<int:pk>/send/", papers.send, name="send_invoice"),
    path("invoices/<int:pk>/credit/", credit_notes.draft, name="draft_credit_note"),
    path("billing/", billing.billing, name="billing"),
    path("billing/preview/", billing.preview, name="preview_billing"),
    path("billing/prepare/", billing.prepare, name="prepare_billing_run"),
    path("billing/finals/", billing.finals, name="declare_finals"),
    path("billing/checks/", billing.checks, name="billing_checks"),
    path("billing/<int:pk>/", billing_runs.billing_run, name="billing_run"),
    path("billing/<int:pk>/check/", billing_runs.check, name="check_billing_run"),
    path("billing/<int:pk>/start/", billing_runs.start, name="start_billing_run"),
    path("billing/exceptions/<int:pk>/accept/", billing_runs.accept, name="accept_exception"),
    *corrections,
    path("credit-notes/", lists.credit_notes, name="credit_notes"),
    path("credit-notes/<int:pk>/", credit_notes.credit_note, name="credit_note"),
    path("credit-notes/<int:pk>/pdf/", papers.credit_note_pdf, name="credit_note_pdf"),
    path("credit-notes/<int:pk>/data/<slug:profile>/", papers.credit_note_data, name="credit_note_data"),
    path("credit-notes/<int:pk>/data/<slug:profile>/", papers.credit_note_data, name="credit_note_data"),
    path("credit-notes/<int:pk>/issue/", credit_notes.issue, name="issue_credit_note"),
    path("credit-notes/<int:pk>/ask/", credit_notes.ask, name="request_credit_note"),
    path("credit-notes/<int:pk>/discard/", credit_notes.discard, name="discard_credit_note"),
    path("credit-notes/<int:pk>/send/", papers.send_credit, name="send_credit_note"),
    path("credit-notes/requests/<int:pk>/approve/", credit_notes.approve, name="approve_credit_note"),
    path("invoicing/views/<slug:page_name>/save/", lists.keep_view, name="save_view"),
    path("invoicing/views/<int:pk>/drop/", lists.drop_view, name="drop_view"),
    path("tax-rates/", tax_rates.tax_rates, name="tax_rates"),
    path("tax-rates/set-up/", tax_rates.set_up, name="set_up_tax_rates"),
    path("tax-rates/<int:pk>/end/", tax_rates.end, name="end_tax_rate"),
    path("tax-rules/", tax_rules.tax_rules, name="tax_rules"),
    path("tax-rules/set-up/", tax_rules.set_up, name="set_up_tax_rules"),
    path("tax-rules/<int:pk>/end/", tax_rules.end, name="end_tax_rule"),
]
