"""What the matcher needs to know of a company's books, read in a few statements."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from ar_collections.queries import totals_stated
from ar_collections.queries.agreed import AgreedPayment, planned_payments, promised_payments
from cashapp.matching import (
    AgreedSum,
    BankLine,
    KnownCustomer,
    LearnedPayer,
    OpenDocument,
    OpenIndex,
    Side,
    StatedRemittance,
    StatementTotal,
)
from cashapp.models import BankStatement, BankStatementLine, PayerAlias
from cashapp.queries.payer_groups import declared_payers
from cashapp.queries.written_rules import rules_in_force
from cashapp.settlements import SETTLEMENT_CODES
from core.models import LegalEntity
from core.money import to_minor
from customers.models import Customer, CustomerBankAccount
from ledger.models import OpenItem

REMEMBERED = timedelta(days=400)
HINTS = CustomerBankAccount.Source.STATEMENT
COLUMNS = (
    "pk", "number", "customer_id", "kind", "side", "open_amount", "amount", "currency", "document_on", "due_on",
    "purchase_order", "reference",
)  # fmt: skip


def load_index(entity: LegalEntity, until: date, customers: Iterable[int] | None = None) -> OpenIndex:
    """Everything open in a company, and what was settled lately: its numbers are still recognised."""
    index = OpenIndex()
    index.add_customers(_customers(entity))
    index.learn(_payers(entity))
    index.declare(declared_payers(entity))
    index.follow(rules_in_force(entity))
    index.add_statements(_statements(entity, until))
    for document in _documents(entity, until, customers):
        index.add(document)
    return index


def agreed_sums(entity: LegalEntity) -> Iterator[AgreedSum]:
    """What customers agreed to pay, by plan or promise. Money changes it, so each batch of lines reads it anew."""
    for payment in planned_payments(entity):
        yield _agreed_sum(payment, payment.number)
    for payment in promised_payments(entity):
        yield _agreed_sum(payment, None)


def _agreed_sum(payment: AgreedPayment, instalment: int | None) -> AgreedSum:
    return AgreedSum(
        customer_id=payment.customer,
        currency=payment.currency,
        amount=to_minor(payment.amount, payment.currency),
        agreed_on=payment.agreed_on,
        due_on=payment.due_on,
        documents=tuple(payment.items),
        instalment=instalment,
    )


def bank_line_of(line: BankStatementLine, remittance: StatedRemittance | None = None) -> BankLine:
    """A stored bank line as the matcher reads it, with the remittance that is tied to it."""
    told = line.references
    structured = [told.get("creditor_reference", ""), told.get("virtual_account", "")]
    structured += [str(document.get("number", "")) for document in line.documents]
    return BankLine(
        id=line.pk,
        booked_on=line.booked_on,
        amount=to_minor(line.amount, line.currency),
        currency=line.currency,
        text=line.text,
        payer=line.ultimate_payer or line.payer,
        payer_account=line.payer_account,
        references=tuple(each for each in structured if each),
        end_to_end=told.get("end_to_end", ""),
        bank_account=line.bank_account_id,
        remittance=remittance,
    )


def lines_to_match(entity: LegalEntity, statement: int | None = None) -> QuerySet[BankStatementLine]:
    """Incoming lines that nobody decided on yet, in the order of their dates; all of the company or of a statement."""
    rows = BankStatementLine.objects.filter(
        Q(task=None) | Q(task__state="to_match"), bank_account__entity=entity, amount__gt=0, is_reversal=False
    )
    rows = rows.exclude(transaction_code__in=SETTLEMENT_CODES)
    if statement is not None:
        rows = rows.filter(listings__statement=statement)
    return rows.select_related("bank_account").order_by("booked_on", "pk")


def lines_never_matched(statement: BankStatement) -> QuerySet[BankStatementLine]:
    """Incoming lines of a statement that the matcher has not answered for, in the order of their dates."""
    rows = lines_to_match(statement.bank_account.entity, statement.pk)
    return rows.filter(Q(task=None) | Q(task__proposed_at=None))


def _customers(entity: LegalEntity) -> Iterator[KnownCustomer]:
    rows = list(Customer.objects.filter(entity=entity).values_list("pk", "code", "name", "payment_reference", "parent"))
    parents = {pk: parent for pk, *_, parent in rows if parent is not None}
    accounts = _accounts(entity)
    heads = set(parents.values())
    for pk, code, name, reference, _ in rows:
        group = _head(pk, parents) if pk in parents or pk in heads else None
        yield KnownCustomer(pk, code, name, tuple(accounts.get(pk, ())), group, reference)


def _head(customer: int, parents: dict[int, int]) -> int:
    """The customer at the top of the group."""
    seen = {customer}
    while (parent := parents.get(customer)) is not None and parent not in seen:
        seen.add(parent)
        customer = parent
    return customer


def _accounts(entity: LegalEntity) -> dict[int, list[str]]:
    """Accounts that the customer told us of, or that somebody confirmed; those only seen once prove nothing."""
    rows = CustomerBankAccount.objects.filter(customer__entity=entity, is_active=True)
    known = rows.exclude(source=HINTS, confirmed_at=None)
    found: dict[int, list[str]] = {}
    for customer, iban, code, number in known.values_list("customer", "iban", "bank_code", "account_number"):
        found.setdefault(customer, []).append(iban or f"{code}{number}")
    return found


def _payers(entity: LegalEntity) -> Iterator[LearnedPayer]:
    rows = PayerAlias.objects.filter(customer__entity=entity, in_use=True)
    for customer, account, name, confirmations in rows.values_list("customer", "account", "name", "confirmations"):
        yield LearnedPayer(customer, account, name, confirmations)


def _statements(entity: LegalEntity, until: date) -> Iterator[StatementTotal]:
    for customer, on, balance in totals_stated(entity=entity, until=until):
        yield StatementTotal(customer, on, balance.currency, balance.minor)


def _documents(entity: LegalEntity, until: date, customers: Iterable[int] | None) -> Iterator[OpenDocument]:
    rows = OpenItem.objects.filter(Q(open_amount__gt=0) | Q(settled_on__gte=until - REMEMBERED), entity=entity)
    if customers is not None:
        rows = rows.filter(customer__in=list(customers))
    for row in rows.order_by("document_on", "pk").values_list(*COLUMNS).iterator(chunk_size=5000):
        if (document := _document(row)) is not None:
            yield document


def _document(row: tuple[Any, ...]) -> OpenDocument | None:
    pk, number, customer, kind, side, left, amount, currency, document_on, due_on, order, reference = row
    if kind == OpenItem.Kind.RECEIPT and not left:
        return None
    return OpenDocument(
        id=pk,
        number=number,
        customer_id=customer,
        kind=kind,
        side=Side(side),
        open=to_minor(left, currency),
        amount=to_minor(amount, currency),
        currency=currency,
        document_on=document_on,
        due_on=due_on,
        purchase_order=order,
        reference=reference,
    )
