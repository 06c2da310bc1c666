"""Credit notes: drafted by whoever sees the mistake, issued within somebody's authority, or after approval.

A credit note names its invoice and is set against it at once, as far as the invoice is still open; what is left stays
open as the customer's credit.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.urls import reverse

from controls.actions import approve_request, request_approval, use_authority
from controls.models import ApprovalRequest, Authority
from controls.queries import open_request
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.files import store_file
from core.models import LegalEntity, User
from core.money import ZERO
from core.permissions import require
from core.series import take_numbers
from core.words import day
from customers.models import Customer, lock
from customers.queries import requirements_of
from invoicing.actions.books import Books
from invoicing.actions.deferring import Schedules
from invoicing.actions.delivery import Post
from invoicing.actions.errors import CreditRefused, NotADraft, NotIssued
from invoicing.actions.freeing import FreedDays
from invoicing.actions.item_changes import File
from invoicing.actions.writing import Writer
from invoicing.crediting import OverCredited
from invoicing.credits import Credit, Everything, SomeLines
from invoicing.models import (
    BulkCreditInvoice,
    CreditNote,
    CreditNoteLine,
    CreditNoteTax,
    Invoice,
)
from invoicing.parties import buyer_of, seller_of
from invoicing.queries.creditable import creditable
from invoicing.queries.crediting_deferred import taken_by
from invoicing.queries.examining import billing_addresses
from invoicing.totals import TaxPart, Totals
from ledger.models import OpenItem
from ledger.posting import Pair, allocate, post


@transaction.atomic
def draft_credit_note(
    *,
    by: User,
    invoice: Invoice,
    credit: Credit,
    reason_code: str,
    reason: str,
    file: File | None = None,
    request_id: str | None = None,
) -> CreditNote:
    """Write a credit note for an issued invoice, without a number yet; a repeated request gives the first again.

    The file shows that the reason is true; whoever approves opens it.
    """
    return _draft(by, invoice, credit, Why(reason_code, reason.strip(), file), request_id, rebills=False)


@transaction.atomic
def draft_rebill(
    *,
    by: User,
    invoice: Invoice,
    reason_code: str,
    reason: str,
    file: File | None = None,
    request_id: str | None = None,
) -> CreditNote:
    """Credit all that is left of an invoice and bill it anew: issuing the credit note writes a draft of its lines."""
    return _draft(by, invoice, Everything(), Why(reason_code, reason.strip(), file), request_id, rebills=True)


@transaction.atomic
def discard_credit_note(*, by: User, credit_note: CreditNote) -> None:
    """Throw the draft of a credit note away."""
    require(by, "invoicing.discard_credit_note", credit_note.entity)
    lock(credit_note.customer)
    draft = _draft_again(credit_note)
    if open_request(kind=Authority.CREDIT_NOTE, subject_type=draft._meta.label_lower, subject_id=draft.pk):
        raise CreditRefused("The credit note waits for approval. Withdraw that request first.")

    audit(by, "credit_note.discarded", draft, entity=draft.entity, before=_summary(draft))
    draft.delete()


@transaction.atomic
def issue_credit_note(*, by: User, credit_note: CreditNote, issued_on: date) -> CreditNote:
    """Issue a credit note within one's own authority, set it against its invoice and send it."""
    require(by, "invoicing.issue_credit_note", credit_note.entity)
    customer = lock(credit_note.customer)
    current = _read_again(credit_note)
    if current.is_issued:
        return current
    use_authority(
        by=by,
        entity=current.entity,
        kind=Authority.CREDIT_NOTE,
        amount=current.money,
        counts_with=_counts_with(current),
        subject_label=_label(current),
        on=issued_on,
    )

    return _issue(by, current, customer, issued_on)


@transaction.atomic
def request_credit_note(*, by: User, credit_note: CreditNote, requested_on: date) -> ApprovalRequest:
    """Lay the draft of a credit note before somebody who may issue it."""
    require(by, "invoicing.request_credit_note", credit_note.entity)
    lock(credit_note.customer)
    draft = _draft_again(credit_note)
    _refuse_overcredit(draft)

    return request_approval(
        by=by,
        entity=draft.entity,
        kind=Authority.CREDIT_NOTE,
        subject=draft,
        subject_url=reverse("invoicing:credit_note", args=[draft.pk]),
        subject_label=f"{draft.invoice.number}, {draft.customer.name}",
        facts=[
            ("Customer", str(draft.customer)),
            ("Invoice", f"{draft.invoice.number} of {day(draft.invoice.issued_on, 'full')}, {draft.invoice.money}"),
            ("Credit", str(draft.money)),
            ("Reason", draft.get_reason_code_display()),
            ("File", draft.file.name if draft.file else "none"),
        ],
        effect=f"The credit note is issued, set against {draft.invoice.number} and sent to the customer."
        + (" A draft that bills the same anew is written." if draft.rebills else ""),
        amount=draft.money,
        counts_with=_counts_with(draft),
        reason=draft.reason,
        decide_url_name="invoicing:approve_credit_note",
        requested_on=requested_on,
    )


@transaction.atomic
def approve_credit_note(
    *, by: User, request: ApprovalRequest, credit_note: CreditNote, issued_on: date, comment: str = ""
) -> CreditNote:
    """Approve somebody else's request and issue the credit note, both or neither."""
    require(by, "invoicing.issue_credit_note", credit_note.entity)
    customer = lock(credit_note.customer)
    draft = _draft_again(credit_note)
    if (request.subject_type, request.subject_id) != (draft._meta.label_lower, str(draft.pk)):
        raise CreditRefused(f"The request is about {request.subject_label}, not about this credit note.")
    approve_request(by=by, request=request, amount=draft.money, decided_on=issued_on, comment=comment)

    return _issue(by, draft, customer, issued_on)


@transaction.atomic
def cancel_invoice(*, by: User, invoice: Invoice, issued_on: date, reason_code: str, reason: str) -> CreditNote:
    """Take an issued invoice back: credit all that is left of it and set that against it."""
    require(by, "invoicing.issue_credit_note", invoice.entity)
    draft = draft_credit_note(by=by, invoice=invoice, credit=Everything(), reason_code=reason_code, reason=reason)
    return issue_credit_note(by=by, credit_note=draft, issued_on=issued_on)


@transaction.atomic
def issue_bulk_part(*, by: User, chosen: BulkCreditInvoice) -> CreditNote:
    """Credit all that is left of one of many invoices that were decided on together."""
    require(by, "invoicing.issue_credit_note", chosen.bulk.entity)
    customer = lock(chosen.invoice.customer)
    chosen = BulkCreditInvoice.objects.select_related("bulk", "credit_note", "invoice").get(pk=chosen.pk)
    if chosen.credit_note is not None:
        return chosen.credit_note
    bulk = chosen.bulk
    if bulk.issued_on is None:
        raise CreditRefused(f"{bulk} is not decided yet.")
    draft = draft_credit_note(
        by=by, invoice=chosen.invoice, credit=Everything(), reason_code=bulk.reason_code, reason=bulk.reason
    )
    if draft.gross > chosen.gross:
        raise CreditRefused(f"{chosen.invoice} has more left than the {chosen.gross} that were decided on.")

    current = _read_again(draft)
    chosen.credit_note = _issue(by, current, customer, bulk.issued_on)
    chosen.save(update_fields=["credit_note"])
    return current


# Drafting ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Why:
    """What somebody gives as the reason of a credit note, and what shows it."""

    code: str
    words: str
    file: File | None


def _draft(
    by: User, invoice: Invoice, credit: Credit, why: Why, request_id: str | None, *, rebills: bool
) -> CreditNote:
    require(by, "invoicing.draft_credit_note", invoice.entity)
    lock(invoice.customer)
    content = _content_hash(invoice, credit, why, rebills=rebills)
    if request_id and (done := _drafted_before(invoice, request_id, content)):
        return done
    if not invoice.is_issued:
        raise NotIssued(f"{invoice} is not issued yet. Change the draft instead.")
    if not why.words:
        raise CreditRefused("Write the reason; it is printed on the credit note.")

    lines, totals = creditable(invoice).parts(credit)
    credit_note = _row(by, invoice, totals, why)
    credit_note.rebills = rebills
    credit_note.request_id, credit_note.request_hash = request_id, content if request_id else ""
    credit_note.save(force_insert=True)
    for line in lines:
        line.credit_note = credit_note
    CreditNoteLine.objects.bulk_create(lines)
    CreditNoteTax.objects.bulk_create(
        [CreditNoteTax(credit_note=credit_note, tax_rate=p.rate, net=p.net, tax=p.tax) for p in totals.parts]
    )

    audit(by, "credit_note.drafted", credit_note, entity=invoice.entity, after=_summary(credit_note), reason=why.words)
    return credit_note


def _drafted_before(invoice: Invoice, request_id: str, content: str) -> CreditNote | None:
    done = CreditNote.objects.filter(entity=invoice.entity, request_id=request_id).first()
    if done is not None and done.request_hash != content:
        raise SameKeyOtherContent(f"This form made {done} already, with other content. Open a new form.")
    return done


def _content_hash(invoice: Invoice, credit: Credit, why: Why, *, rebills: bool) -> str:
    """Lines count by their ids: two of the same words are two."""
    lines = [one.line.pk for one in credit.lines] if isinstance(credit, SomeLines) else []
    name, content = why.file or ("", b"")
    facts = [invoice.pk, credit, lines, str(why.code), why.words, name, sha256(content).hexdigest(), rebills]
    return sha256(repr(facts).encode()).hexdigest()


def _row(by: User, invoice: Invoice, totals: Totals, why: Why) -> CreditNote:
    return CreditNote(
        entity=invoice.entity,
        customer=invoice.customer,
        invoice=invoice,
        currency=invoice.currency,
        language=invoice.language,
        purchase_order=invoice.purchase_order,
        reason_code=why.code,
        reason=why.words,
        file=store_file(by, invoice.entity, *why.file) if why.file else None,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        drafted_by=by,
    )


def _read_again(credit_note: CreditNote) -> CreditNote:
    rows = CreditNote.objects.select_related("entity", "customer", "invoice__item")
    current = rows.filter(pk=credit_note.pk).first()
    if current is None:
        raise NotADraft("The credit note was discarded meanwhile.")
    current.invoice.entity = current.entity
    return current


def _draft_again(credit_note: CreditNote) -> CreditNote:
    current = _read_again(credit_note)
    if current.is_issued:
        raise NotADraft(f"{current} is issued and stays as it is.")
    return current


# Issuing -------------------------------------------------------------------------------------------------------------


def _issue(by: User, credit_note: CreditNote, customer: Customer, issued_on: date) -> CreditNote:
    """Number, entry, open item, parties, allocation and message; the caller has seen to the authority.

    What was billed for days to come and is not released yet is taken from deferred income, the rest from revenue.
    """
    entity, invoice = credit_note.entity, credit_note.invoice
    credit_note.customer = customer
    if invoice.issued_on is None or issued_on < invoice.issued_on:
        raise CreditRefused(
            f"{invoice} is of {invoice.issued_on:%d %b %Y}; it can't be credited on {issued_on:%d %b %Y}."
        )
    parts = _refuse_overcredit(credit_note)
    taken = taken_by(credit_note)

    _complete(entity, credit_note, customer, parts, issued_on)
    draft = Books(entity).entry_of_credit_note(credit_note, customer, parts, taken.by_rate)
    entry = post(by=by, entries=[draft])[0]
    Schedules(by, entity).credit(entry, taken)
    credit_note.entry, credit_note.item = entry, entry.open_items[0]
    credit_note.save()
    _settle(by, credit_note, issued_on)
    FreedDays(by, entity).free(credit_note, taken)

    audit(by, "credit_note.issued", credit_note, entity=entity, after=_summary(credit_note), reason=credit_note.reason)
    Post(by, entity).send_credit_notes([credit_note])
    return credit_note


def _refuse_overcredit(credit_note: CreditNote) -> list[TaxPart]:
    """The parts of a credit note; refused where others have credited the invoice meanwhile."""
    left = creditable(credit_note.invoice).left
    rows = CreditNoteTax.objects.filter(credit_note=credit_note).select_related("tax_rate")
    parts = [TaxPart(row.tax_rate, row.net, row.tax) for row in rows]
    for part in parts:
        rest = left[part.rate]
        if abs(part.net) > abs(rest.net) or abs(part.tax) > abs(rest.tax):
            raise OverCredited(
                f"{credit_note.invoice} was credited meanwhile: of {part.rate} only {rest.net} and {rest.tax} tax "
                f"{credit_note.currency} are left. Draft the credit note anew."
            )
    return parts


def _complete(
    entity: LegalEntity, credit_note: CreditNote, customer: Customer, parts: list[TaxPart], issued_on: date
) -> None:
    seller = seller_of(entity)
    address = billing_addresses({customer.pk: customer}).get(customer.pk)
    buyer = buyer_of(customer, address, entity, requirements_of([customer])[customer.pk])
    kept = Writer(entity).keep_parties([seller, buyer])
    rate = credit_note.invoice.rate
    if rate is None:
        raise AssertionError("An issued invoice has its rate.")
    books = Books(entity)
    credit_note.seller_id, credit_note.buyer_id = kept[seller.digest], kept[buyer.digest]
    credit_note.rate, credit_note.issued_on = rate, issued_on
    credit_note.base_tax = sum((books.tax_in_books(part.tax, rate) for part in parts), ZERO)
    credit_note.number = take_numbers(entity, "credit_note", issued_on)[0]


def _settle(by: User, credit_note: CreditNote, issued_on: date) -> None:
    """Set the credit against its invoice, as far as that is open."""
    debit, credit = credit_note.invoice.item, credit_note.item
    if debit is None or credit is None:
        raise AssertionError("Issued documents have their open items.")
    debit = OpenItem.objects.get(pk=debit.pk)
    amount = min(debit.open_amount, credit.open_amount)
    if amount:
        allocate(by=by, pairs=[Pair(debit=debit, credit=credit, amount=amount, allocated_on=issued_on)])


def _counts_with(credit_note: CreditNote) -> str:
    return f"customer:{credit_note.customer_id}"


def _label(credit_note: CreditNote) -> str:
    return f"Credit note on {credit_note.invoice.number}"


def _summary(credit_note: CreditNote) -> dict[str, str]:
    return {
        "number": credit_note.number or "",
        "invoice": str(credit_note.invoice.number),
        "total": str(credit_note.money),
        "reason_code": credit_note.reason_code,
    }
