"""Drafting invoices. A draft has no number, is in no journal, and can be changed until it is issued."""

from collections.abc import Sequence

from django.db import transaction

from core import clock
from core.audit import audit, audit_many
from core.errors import SameKeyOtherContent
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import CreditStop, Customer, lock_many
from invoicing.actions.errors import ChangedMeanwhile, NotADraft, NotReady
from invoicing.drafts import InvoiceDraft, lines_for, refuse_impossible, taxes_for
from invoicing.models import BilledPeriod, Invoice, InvoiceLine, InvoiceTax
from invoicing.queries.credit_stops import refuse_on_hold

ROWS = 1000


@transaction.atomic
def draft_invoice(*, by: User, entity: LegalEntity, draft: InvoiceDraft) -> Invoice:
    """Write one draft; a repeated request id gives the first one again."""
    require(by, "invoicing.draft_invoice", entity)
    return _draft(by, entity, [draft])[0]


@transaction.atomic
def draft_invoices(*, by: User, entity: LegalEntity, drafts: Sequence[InvoiceDraft]) -> list[Invoice]:
    """Write many drafts at once, in the order in which they are given."""
    require(by, "invoicing.draft_invoice", entity)
    return _draft(by, entity, drafts)


@transaction.atomic
def change_draft(*, by: User, invoice: Invoice, draft: InvoiceDraft, version: int) -> Invoice:
    """Write a draft anew; `version` is the one that the person saw."""
    require(by, "invoicing.change_draft", invoice.entity)
    lock_many([Customer(pk=invoice.customer_id), draft.customer])
    current = _draft_again(invoice)
    if current.version != version:
        raise ChangedMeanwhile(f"Somebody else changed {current} since you opened it. Open it again to see how.")
    refuse_impossible(draft, current.entity)

    before = _summary(current)
    is_of_contracts = _refuse_other_charges(current, draft)
    changed, names = _row(by, current.entity, draft), HEADER if is_of_contracts else CHANGEABLE
    for name in names:
        setattr(current, name, getattr(changed, name))
    current.version = version + 1
    current.save(update_fields=[*names, "version"])
    if not is_of_contracts:
        InvoiceLine.objects.filter(invoice=current).delete()
        InvoiceTax.objects.filter(invoice=current).delete()
        _write_parts([current], [draft])

    audit(by, "draft.changed", current, entity=current.entity, before=before, after=_summary(current))
    return current


@transaction.atomic
def discard_draft(*, by: User, invoice: Invoice) -> None:
    """Throw a draft away. It had no number, so none is missing; the audit trail keeps what it said."""
    require(by, "invoicing.discard_draft", invoice.entity)
    lock_many([Customer(pk=invoice.customer_id)])
    draft = _draft_again(invoice)

    audit(by, "draft.discarded", draft, entity=draft.entity, before=_summary(draft))
    draft.delete()


HEADER = ("terms", "language", "purchase_order", "text")
CHANGEABLE = (
    *HEADER, "customer", "currency", "kind", "service_from", "service_until", "net", "tax", "gross",
)  # fmt: skip


def _draft(by: User, entity: LegalEntity, drafts: Sequence[InvoiceDraft]) -> list[Invoice]:
    lock_many(draft.customer for draft in drafts)
    before = _drafted_before(entity, drafts)
    new = [draft for draft in drafts if draft.request_id is None or draft.request_id not in before]
    refuse_on_hold(entity, (draft.customer for draft in new), CreditStop.DRAFTING, clock.today(entity))
    for draft in new:
        refuse_impossible(draft, entity)

    invoices = Invoice.objects.bulk_create([_row(by, entity, draft) for draft in new], batch_size=ROWS)
    _write_parts(invoices, new)

    audit_many(by, "invoice.drafted", invoices, entity=entity, after_each=_summary)
    made = iter(invoices)
    return [before[draft.request_id] if draft.request_id in before else next(made) for draft in drafts]


def _drafted_before(entity: LegalEntity, drafts: Sequence[InvoiceDraft]) -> dict[str | None, Invoice]:
    """What these requests made the first time."""
    asked = {draft.request_id: draft for draft in drafts if draft.request_id is not None}
    if not asked:
        return {}
    found = {row.request_id: row for row in Invoice.objects.filter(entity=entity, request_id__in=asked)}
    for request_id, row in found.items():
        if row.request_hash != asked[str(request_id)].content_hash:
            raise SameKeyOtherContent(f"This form made {row} already, with other content. Open a new form.")
    return found


def _row(by: User, entity: LegalEntity, draft: InvoiceDraft) -> Invoice:
    totals = draft.totals
    return Invoice(
        entity=entity,
        customer=draft.customer,
        kind=draft.kind,
        currency=draft.in_currency,
        terms=draft.terms or draft.customer.terms,
        language=draft.in_language,
        purchase_order=draft.purchase_order.strip(),
        text=draft.text.strip(),
        service_from=draft.service_from,
        service_until=draft.service_until,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        drafted_by=by,
        request_id=draft.request_id,
        request_hash=draft.content_hash if draft.request_id else "",
    )


def _write_parts(invoices: Sequence[Invoice], drafts: Sequence[InvoiceDraft]) -> None:
    both = list(zip(invoices, drafts, strict=True))
    lines = [line for invoice, draft in both for line in lines_for(invoice, draft)]
    taxes = [tax for invoice, draft in both for tax in taxes_for(invoice, draft.totals)]
    InvoiceLine.objects.bulk_create(lines, batch_size=ROWS)
    InvoiceTax.objects.bulk_create(taxes, batch_size=ROWS)


def _draft_again(invoice: Invoice) -> Invoice:
    current = Invoice.objects.select_related("entity", "customer").filter(pk=invoice.pk).first()
    if current is None:
        raise NotADraft(f"{invoice} was discarded meanwhile.")
    if current.is_issued:
        raise NotADraft(f"{current} is issued and stays as it is. Correct it with a credit note.")
    return current


def _refuse_other_charges(current: Invoice, draft: InvoiceDraft) -> bool:
    """Whether the draft bills days of contracts; its lines stay as the contracts say."""
    if not BilledPeriod.objects.filter(invoice_line__invoice=current).exists():
        return False
    written = list(current.lines.select_related("tax_rate"))
    same = len(written) == len(draft.lines) and all(
        line.says_as_much_as(row) for line, row in zip(draft.lines, written, strict=True)
    )
    if not same or draft.customer.pk != current.customer_id or draft.in_currency != current.currency:
        raise NotReady(f"{current} bills days of contracts: amend the contract, or discard the draft and bill again.")
    return True


def _summary(invoice: Invoice) -> dict[str, str]:
    return {"customer": str(invoice.customer), "total": str(invoice.money), "purchase_order": invoice.purchase_order}
