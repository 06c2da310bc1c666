"""What people can do with invoices and credit notes."""

from invoicing.actions.adjustments import (
    approve_adjustment,
    discard_adjustment,
    draft_adjustment,
    post_adjustment,
    request_adjustment,
)
from invoicing.actions.amendments import amend_contract, renew_contract
from invoicing.actions.billing import bill_customers
from invoicing.actions.billing_checks import change_billing_checks
from invoicing.actions.billing_runs import (
    accept_exception,
    check_billing_run,
    prepare_billing_run,
    start_billing_run,
)
from invoicing.actions.bulk_credits import (
    approve_bulk_credit,
    draft_bulk_credit,
    request_bulk_credit,
    start_bulk_credit,
)
from invoicing.actions.charges import draft_charges
from invoicing.actions.contracts import (
    activate_contract,
    attach_contract_file,
    change_contract,
    discard_contract,
    draft_contract,
    give_notice,
    withdraw_notice,
)
from invoicing.actions.credit_notes import (
    approve_credit_note,
    cancel_invoice,
    discard_credit_note,
    draft_credit_note,
    draft_rebill,
    issue_credit_note,
    request_credit_note,
)
from invoicing.actions.deliveries import record_delivery, take_back_delivery
from invoicing.actions.delivery import send_credit_note, send_invoice
from invoicing.actions.documents import store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.drafts import change_draft, discard_draft, draft_invoice, draft_invoices
from invoicing.actions.finals import declare_finals
from invoicing.actions.imports import issue_imported, issue_imported_credit_notes
from invoicing.actions.intake import (
    bring_in,
    choose_intake_columns,
    save_intake_mapping,
    start_bringing_in,
    upload_contracts,
)
from invoicing.actions.issuing import issue_invoice, issue_invoices, issue_invoices_unsent
from invoicing.actions.links import record_access, revoke_link, share_invoices
from invoicing.actions.pro_forma import send_pro_forma
from invoicing.actions.products import add_product, change_product, deactivate_product, reactivate_product
from invoicing.actions.refunds import approve_refund, discard_refund, request_refund
from invoicing.actions.releasing import release_income, start_release
from invoicing.actions.renewals import quote_renewal, renew_by_itself, start_renewing
from invoicing.actions.runs import start_issuing
from invoicing.actions.surcharges import (
    add_surcharge_rule,
    approve_surcharge_waiver,
    charge_surcharge,
    end_surcharge_rule,
    request_surcharge_waiver,
)
from invoicing.actions.tax_rates import add_tax_rate, end_tax_rate, set_up_tax_rates
from invoicing.actions.tax_rules import add_tax_rule, end_tax_rule, set_up_tax_rules
from invoicing.actions.unused_days import credit_unused_days
from invoicing.actions.uploads import confirm_upload, open_uploads, reopen_upload
from invoicing.actions.usage import record_usage

__all__ = [
    "accept_exception",
    "activate_contract",
    "add_product",
    "add_surcharge_rule",
    "add_tax_rate",
    "add_tax_rule",
    "amend_contract",
    "approve_credit_note",
    "approve_surcharge_waiver",
    "attach_contract_file",
    "bill_customers",
    "bring_in",
    "cancel_invoice",
    "change_billing_checks",
    "change_contract",
    "change_draft",
    "change_product",
    "charge_surcharge",
    "check_billing_run",
    "choose_intake_columns",
    "confirm_upload",
    "approve_adjustment",
    "approve_bulk_credit",
    "approve_refund",
    "credit_unused_days",
    "discard_adjustment",
    "discard_refund",
    "draft_adjustment",
    "draft_bulk_credit",
    "post_adjustment",
    "request_adjustment",
    "request_bulk_credit",
    "request_refund",
    "start_bulk_credit",
    "deactivate_product",
    "declare_finals",
    "discard_contract",
    "discard_credit_note",
    "discard_draft",
    "draft_charges",
    "draft_contract",
    "draft_credit_note",
    "draft_invoice",
    "draft_invoices",
    "draft_rebill",
    "end_surcharge_rule",
    "end_tax_rate",
    "end_tax_rule",
    "give_notice",
    "issue_credit_note",
    "issue_imported",
    "issue_imported_credit_notes",
    "issue_invoice",
    "issue_invoices",
    "issue_invoices_unsent",
    "open_uploads",
    "prepare_billing_run",
    "quote_renewal",
    "reactivate_product",
    "record_access",
    "record_delivery",
    "record_usage",
    "release_income",
    "renew_by_itself",
    "renew_contract",
    "request_credit_note",
    "request_surcharge_waiver",
    "reopen_upload",
    "revoke_link",
    "save_intake_mapping",
    "send_credit_note",
    "send_invoice",
    "send_pro_forma",
    "set_up_tax_rates",
    "set_up_tax_rules",
    "share_invoices",
    "start_billing_run",
    "start_bringing_in",
    "start_issuing",
    "start_release",
    "start_renewing",
    "store_credit_note_pdf",
    "store_invoice_pdf",
    "upload_contracts",
    "withdraw_notice",
    "take_back_delivery",
]
