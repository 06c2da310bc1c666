"""What people can do with customers."""

from customers.actions.attachments import add_note, attach_file, record_certificate
from customers.actions.bank_accounts import (
    add_bank_account,
    end_bank_account,
    learn_bank_account,
    verify_bank_account,
)
from customers.actions.contacts import (
    add_address,
    add_contact,
    change_address,
    change_contact,
    end_address,
    end_contact,
)
from customers.actions.credit import change_credit_policy, place_credit_hold, release_credit_hold
from customers.actions.customers import change_customer, create_customer, deactivate_customer, reactivate_customer
from customers.actions.data_quality import mark_bounced, resolve_task
from customers.actions.groups import set_parent
from customers.actions.imports import (
    choose_columns,
    import_customers,
    import_upload,
    save_mapping,
    start_import,
    upload_customers,
)
from customers.actions.requirements import change_requirements
from customers.actions.terms import change_terms, create_terms

__all__ = [
    "add_address",
    "add_bank_account",
    "add_contact",
    "add_note",
    "attach_file",
    "change_address",
    "change_contact",
    "change_credit_policy",
    "change_customer",
    "change_requirements",
    "change_terms",
    "choose_columns",
    "create_customer",
    "create_terms",
    "deactivate_customer",
    "end_address",
    "end_bank_account",
    "end_contact",
    "import_customers",
    "import_upload",
    "learn_bank_account",
    "mark_bounced",
    "place_credit_hold",
    "reactivate_customer",
    "record_certificate",
    "release_credit_hold",
    "resolve_task",
    "save_mapping",
    "set_parent",
    "start_import",
    "upload_customers",
    "verify_bank_account",
]
