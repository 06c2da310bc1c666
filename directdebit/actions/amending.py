"""Changing what a mandate says without ending it, as far as its scheme lets it; and the form that the payer signed."""

import hashlib
from datetime import date

from django.db import transaction

from core.audit import audit
from core.files import LARGEST_SCAN, is_scan, store_file
from core.models import User
from core.permissions import require
from customers.models import CustomerBankAccount, lock
from directdebit.accounts import why_not_drawn_from
from directdebit.amending import why_not_amended
from directdebit.errors import MandateRefused
from directdebit.models import Mandate
from directdebit.queries.mandates import change_was_told
from directdebit.steps import step_mandate


@transaction.atomic
def amend_mandate(
    *,
    by: User,
    mandate: Mandate,
    bank_account: CustomerBankAccount,
    reference: str,
    amended_on: date,
    reason: str,
) -> Mandate:
    """Draw from another account, or under another reference, by the same authority of the payer."""
    require(by, "directdebit.amend_mandate", mandate.entity)
    lock(mandate.customer)
    mandate = _again(mandate)
    reference = reference.strip()
    if (mandate.bank_account_id, mandate.reference) == (bank_account.pk, reference):
        return mandate
    _refuse(mandate, bank_account, reference, reason)

    before = {"account": str(mandate.bank_account), "reference": mandate.reference}
    mandate.amended_account = mandate.amended_account or mandate.bank_account_id != bank_account.pk
    if mandate.reference != reference:
        mandate.amended_from, mandate.reference = mandate.reference, reference
    mandate.bank_account = bank_account
    step_mandate(by, mandate, Mandate.State.AMENDED, amended_on, reason=reason)

    after = {"account": str(bank_account), "reference": reference}
    audit(by, "mandate.amended", mandate, entity=mandate.entity, before=before, after=after, reason=reason.strip())
    return mandate


def _refuse(mandate: Mandate, account: CustomerBankAccount, reference: str, reason: str) -> None:
    creditor = mandate.creditor
    if account.customer_id != mandate.customer_id:
        raise MandateRefused(f"Account {account} is none of {mandate.customer.name}'s.")
    is_other_account = mandate.bank_account_id != account.pk
    told = change_was_told(mandate)
    why_not = why_not_drawn_from(creditor, account) or why_not_amended(mandate, is_other_account, reference, told)
    if why_not:
        raise MandateRefused(why_not)
    taken = Mandate.objects.filter(creditor=creditor, reference=reference).exclude(pk=mandate.pk).first()
    if taken is not None:
        raise MandateRefused(f"The reference {reference} is taken by another mandate.")
    if not account.is_verified:
        raise MandateRefused(
            f"Account {account} of {mandate.customer.name} isn't verified. Somebody else than who added it has to "
            "verify it first."
        )
    if not reason.strip():
        raise MandateRefused(f"Say who told of the change of mandate {mandate}, and how.")


@transaction.atomic
def attach_signed_form(*, by: User, mandate: Mandate, name: str, content: bytes) -> Mandate:
    """Keep the form as the payer signed it. A later one stands beside the first, which stays in the audit trail."""
    require(by, "directdebit.attach_signed_form", mandate.entity)
    lock(mandate.customer)
    mandate = _again(mandate)
    if mandate.file is not None and mandate.file.sha256 == hashlib.sha256(content).hexdigest():
        return mandate
    if not is_scan(name, content):
        raise MandateRefused(f"{name} is no signed form: a PDF or a picture (PNG, JPEG) is kept.")

    file = store_file(by, mandate.entity, name, content, max_bytes=LARGEST_SCAN)
    before = {"file": mandate.file.name if mandate.file else ""}
    mandate.file = file
    mandate.save(update_fields=["file"])

    after = {"file": file.name, "sha256": file.sha256}
    audit(by, "signed_form.attached", mandate, entity=mandate.entity, before=before, after=after)
    return mandate


def _again(mandate: Mandate) -> Mandate:
    rows = Mandate.objects.select_related("creditor", "customer", "bank_account", "entity", "file")
    return rows.get(pk=mandate.pk)
