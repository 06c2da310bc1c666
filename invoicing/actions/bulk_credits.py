"""Crediting many invoices for one reason: shown first, decided on together, carried out as a run."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.urls import reverse

from controls.actions import approve_request, request_approval, use_authority_for_many
from controls.models import ApprovalRequest, Authority
from controls.queries import Part
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.files import store_file
from core.models import LegalEntity, Run, User
from core.money import ZERO, round_to_currency
from core.permissions import require
from core.runs import start_run
from customers.models import Customer, take_turns
from invoicing.actions.errors import CreditRefused
from invoicing.actions.item_changes import File
from invoicing.models import BulkCredit, BulkCreditInvoice, Invoice
from invoicing.queries.bulk_credits import Chosen, authority_needed, chosen_invoices

KIND = "bulk_credit"
MOST = 5_000


@transaction.atomic
def draft_bulk_credit(
    *,
    by: User,
    entity: LegalEntity,
    invoices: Sequence[Invoice],
    reason_code: str,
    reason: str,
    file: File | None = None,
    request_id: str | None = None,
) -> BulkCredit:
    """Lay down which invoices are to be credited with all that is left of them; nothing is issued yet."""
    require(by, "invoicing.draft_bulk_credit", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    content = _content_hash(invoices, reason_code, reason, file)
    if request_id and (done := _drafted_before(entity, request_id, content)):
        return done
    if not reason.strip():
        raise CreditRefused("Write the reason; it is printed on the credit notes.")
    chosen = chosen_invoices(entity, [invoice.pk for invoice in invoices])
    _refuse(chosen)

    bulk = BulkCredit.objects.create(
        entity=entity,
        reason_code=reason_code,
        reason=reason.strip(),
        file=store_file(by, entity, *file) if file else None,
        total=sum((round_to_currency(one.base_left, entity.currency) for one in chosen), ZERO),
        drafted_by=by,
        request_id=request_id,
        request_hash=content if request_id else "",
    )
    BulkCreditInvoice.objects.bulk_create(
        [BulkCreditInvoice(bulk=bulk, invoice=one.invoice, gross=one.left) for one in chosen if one.left]
    )

    after = {"invoices": len(chosen), "total": str(bulk.money), "reason_code": reason_code}
    audit(by, "bulk_credit.drafted", bulk, entity=entity, after=after, reason=bulk.reason)
    return bulk


@transaction.atomic
def start_bulk_credit(*, by: User, bulk: BulkCredit, issued_on: date) -> Run:
    """Decide on all of them within one's own authority, and start issuing the credit notes."""
    require(by, "invoicing.issue_credit_note", bulk.entity)
    current = _turn_with(bulk)
    _take_turns(current)
    if current.run is not None:
        return current.run
    _use_authority(by, current, authority_needed(current), issued_on)

    return _start(by, current, issued_on)


@transaction.atomic
def request_bulk_credit(*, by: User, bulk: BulkCredit, requested_on: date) -> ApprovalRequest:
    """Lay all of them before somebody with a higher limit, as one request."""
    require(by, "invoicing.request_bulk_credit", bulk.entity)
    current = _turn_with(bulk)
    if current.is_decided:
        raise CreditRefused(f"{current} is decided already.")
    count = current.invoices.count()

    return request_approval(
        by=by,
        entity=current.entity,
        kind=Authority.CREDIT_NOTE,
        subject=current,
        subject_url=reverse("invoicing:bulk_credit", args=[current.pk]),
        facts=[
            ("Invoices", f"{count:,}"),
            ("Credit, in the books", str(current.money)),
            ("Reason", current.get_reason_code_display()),
            ("File", current.file.name if current.file else "none"),
        ],
        effect=f"{count:,} credit notes are issued, set against their invoices and sent to their customers.",
        amount=current.money,
        counts_with="bulk",
        reason=current.reason,
        decide_url_name="invoicing:approve_bulk_credit",
        requested_on=requested_on,
    )


@transaction.atomic
def approve_bulk_credit(
    *, by: User, request: ApprovalRequest, bulk: BulkCredit, issued_on: date, comment: str = ""
) -> Run:
    """Approve somebody else's request and start issuing, both or neither."""
    require(by, "invoicing.issue_credit_note", bulk.entity)
    current = _turn_with(bulk)
    _take_turns(current)
    if current.is_decided:
        raise CreditRefused(f"{current} is decided already.")
    if (request.subject_type, request.subject_id) != (current._meta.label_lower, str(current.pk)):
        raise CreditRefused(f"The request is about {request.subject_label}, not about these invoices.")
    approve_request(by=by, request=request, amount=current.money, decided_on=issued_on, comment=comment)
    _use_authority(by, current, authority_needed(current)[1:], issued_on)

    return _start(by, current, issued_on)


def _turn_with(bulk: BulkCredit) -> BulkCredit:
    rows = BulkCredit.objects.select_for_update(no_key=True, of=("self",)).select_related("entity", "run", "file")
    return rows.get(pk=bulk.pk)


def _take_turns(bulk: BulkCredit) -> None:
    take_turns(Customer(pk=pk) for pk in bulk.invoices.values_list("invoice__customer", flat=True))


def _use_authority(by: User, bulk: BulkCredit, parts: Sequence[Part], on: date) -> None:
    """Many invoices at once reach no further for a customer than one by one."""
    use_authority_for_many(by=by, entity=bulk.entity, kind=Authority.CREDIT_NOTE, parts=parts, on=on)


def _drafted_before(entity: LegalEntity, request_id: str, content: str) -> BulkCredit | None:
    done = BulkCredit.objects.filter(entity=entity, request_id=request_id).first()
    if done is not None and done.request_hash != content:
        raise SameKeyOtherContent(f"This form made “{done}” already, with other content. Open a new form.")
    return done


def _content_hash(invoices: Sequence[Invoice], reason_code: str, reason: str, file: File | None) -> str:
    name, content = file or ("", b"")
    keys = sorted(invoice.pk for invoice in invoices)
    return sha256(repr([keys, str(reason_code), reason, name, sha256(content).hexdigest()]).encode()).hexdigest()


def _start(by: User, bulk: BulkCredit, issued_on: date) -> Run:
    count = bulk.invoices.count()
    run, _ = start_run(
        by,
        bulk.entity,
        KIND,
        issued_on,
        title=f"Credit {count:,} invoice{'s' * (count != 1)}",
        part=str(bulk.pk),
        parameters={"bulk_credit": bulk.pk},
        total=count,
        link=reverse("invoicing:bulk_credit", args=[bulk.pk]),
    )
    bulk.decided_by, bulk.issued_on, bulk.run = by, issued_on, run
    bulk.save(update_fields=["decided_by", "issued_on", "run"])
    audit(by, "bulk_credit.started", bulk, entity=bulk.entity, after={"run": run.pk, "total": str(bulk.money)})
    return run


def _refuse(chosen: Sequence[Chosen]) -> None:
    if not any(one.left for one in chosen):
        raise CreditRefused("Nothing is left to credit of the chosen invoices.")
    if len(chosen) > MOST:
        raise CreditRefused(f"At most {MOST:,} invoices are credited at once; these are {len(chosen):,}.")
