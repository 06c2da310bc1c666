"""Issuing invoices: the number, the journal entry, the open item, the names as they are today, and the way out.

Many at once is the primitive. What can be known without a number is worked out first; then numbers are taken, and from
there to the end of the transaction nobody else of the company takes one, so the series has no gap whatever fails.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from core.audit import audit_many
from core.models import LegalEntity, User
from core.money import ZERO
from core.permissions import require
from core.reading import read
from core.series import take_numbers
from customers.models import CreditStop, Customer, PaymentTerms, lock_many
from invoicing.actions.books import Books
from invoicing.actions.deferring import Schedules
from invoicing.actions.delivery import Post
from invoicing.actions.errors import ChangedMeanwhile, NotReady
from invoicing.actions.writing import Writer
from invoicing.deferrals import by_rate
from invoicing.models import Invoice
from invoicing.parties import buyer_of, seller_of
from invoicing.queries.credit_stops import refuse_on_hold
from invoicing.queries.examining import Examined, examine
from invoicing.references import reference_from
from ledger.posting import post

NAMED_IN_REFUSAL = 5


@transaction.atomic
def issue_invoice(*, by: User, entity: LegalEntity, invoice: Invoice, issued_on: date) -> Invoice:
    """Issue one draft and send it; an issued invoice is given back as it is."""
    require(by, "invoicing.issue_invoice", entity)
    issued, new = _issue(by, entity, [invoice], issued_on)
    Post(by, entity).send_invoices(new)
    return issued[0]


@transaction.atomic
def issue_invoices(*, by: User, entity: LegalEntity, invoices: Sequence[Invoice], issued_on: date) -> list[Invoice]:
    """Issue drafts, all or none, and put their mails and letters into the outbox."""
    require(by, "invoicing.issue_invoice", entity)
    issued, new = _issue(by, entity, invoices, issued_on)
    Post(by, entity).send_invoices(new)
    return issued


@transaction.atomic
def issue_invoices_unsent(
    *, by: User, entity: LegalEntity, invoices: Sequence[Invoice], issued_on: date
) -> list[Invoice]:
    """Issue drafts, all or none, that reach their customers on another way."""
    require(by, "invoicing.issue_invoice", entity)
    issued, _ = _issue(by, entity, invoices, issued_on)
    return issued


def _issue(
    by: User, entity: LegalEntity, invoices: Sequence[Invoice], issued_on: date
) -> tuple[list[Invoice], list[Invoice]]:
    """All invoices as they are now, and those of them that are new."""
    customers = {row.pk: row for row in lock_many(Customer(pk=invoice.customer_id) for invoice in invoices)}
    for customer in customers.values():
        customer.entity = entity
    current = _read_again(entity, invoices, customers)

    drafts = [invoice for invoice in current.values() if not invoice.is_issued]
    refuse_on_hold(entity, (draft.customer for draft in drafts), CreditStop.ISSUING, issued_on)
    examined = examine(entity=entity, invoices=drafts, issued_on=issued_on)
    _refuse_unready(examined)
    if examined:
        _give_parties(entity, examined)
        _give_numbers(entity, examined, issued_on)
        _enter(by, entity, examined)
        Writer(entity).issue_invoices(drafts)

        audit_many(by, "invoice.issued", drafts, entity=entity, after_each=_summary)
    return [current[invoice.pk] for invoice in invoices], drafts


def _read_again(entity: LegalEntity, invoices: Sequence[Invoice], customers: dict[int, Customer]) -> dict[int, Invoice]:
    keys = [invoice.pk for invoice in invoices]
    rows = read(Invoice, "entity_id = %(entity)s AND id = ANY(%(keys)s) ORDER BY id", entity=entity.pk, keys=keys)
    found = {row.pk: row for row in rows}
    wanted = list({row.terms_id for row in rows})
    terms = {row.pk: row for row in read(PaymentTerms, "id = ANY(%(keys)s)", keys=wanted)}
    for invoice in invoices:
        row = found.get(invoice.pk)
        if row is None or row.customer_id not in customers:
            raise ChangedMeanwhile(f"{invoice} was changed or discarded meanwhile. Look at it again.")
        row.entity, row.customer, row.terms = entity, customers[row.customer_id], terms[row.terms_id]
    return found


def _refuse_unready(examined: Sequence[Examined]) -> None:
    """One sentence for each finding; of many invoices, each names its customer."""
    complaints = [
        finding.message if len(examined) == 1 else f"{one.invoice.customer}: {finding.message}"
        for one in examined
        for finding in one.findings
    ]
    if complaints:
        more = len(complaints) - NAMED_IN_REFUSAL
        tail = f" And {more} more." if more > 0 else ""
        raise NotReady(" ".join(complaints[:NAMED_IN_REFUSAL]) + tail)


def _give_parties(entity: LegalEntity, examined: Sequence[Examined]) -> None:
    seller = seller_of(entity)
    buyers = [buyer_of(one.invoice.customer, one.address, entity, one.required) for one in examined]
    kept = Writer(entity).keep_parties([seller, *buyers])
    for one, buyer in zip(examined, buyers, strict=True):
        one.invoice.seller_id, one.invoice.buyer_id = kept[seller.digest], kept[buyer.digest]


def _give_numbers(entity: LegalEntity, examined: Sequence[Examined], issued_on: date) -> None:
    books = Books(entity)
    numbers = take_numbers(entity, "invoice", issued_on, len(examined))
    for one, number in zip(examined, numbers, strict=True):
        invoice, rate = one.invoice, one.base_rate
        if rate is None:
            raise AssertionError("The checks refuse a currency without a rate.")
        invoice.number, invoice.issued_on = number, issued_on
        invoice.due_on = invoice.terms.due_on(issued_on)
        invoice.reference = reference_from(number)
        invoice.rate = rate
        invoice.base_tax = sum((books.tax_in_books(part.tax, rate) for part in one.totals.parts), ZERO)


def _enter(by: User, entity: LegalEntity, examined: Sequence[Examined]) -> None:
    """Post the invoices, and defer what they bill for days to come."""
    books = Books(entity)
    schedules = Schedules(by, entity)
    deferred = schedules.lines_of((one.invoice, one.lines) for one in examined)
    drafts = [
        books.entry_of_invoice(
            one.invoice, one.invoice.customer, one.totals.parts, by_rate(deferred.get(one.invoice.pk, ()))
        )
        for one in examined
    ]
    for one, entry in zip(examined, post(by=by, entries=drafts), strict=True):
        one.invoice.entry, one.invoice.item = entry, entry.open_items[0]
    schedules.begin([one.invoice for one in examined], deferred)


def _summary(invoice: Invoice) -> dict[str, str]:
    return {"number": str(invoice.number), "customer": str(invoice.customer), "total": str(invoice.money)}
