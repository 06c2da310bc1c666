"""Payments of a settlement file that post by themselves: the matcher would post a bank line that says the same."""

from django.db import transaction

from cashapp.actions.payments.posting import post_payment
from cashapp.actions.payments.telling import say_payer
from cashapp.actions.settlements.settling import Settling
from cashapp.answers import applied_as_data, payments_of, reasons_of
from cashapp.electronic_items import names_others
from cashapp.matching import BankLine, Decision, MatchProposal, OpenIndex, match_line
from cashapp.models import ElectronicPayment, PaymentFact, SettlementLine
from cashapp.settlements import Movement
from cashapp.taskbook import Entry, Outcome, State, write_down
from core.models import User
from customers.models import Customer
from ledger.models import OpenItem


@transaction.atomic
def post_what_is_sure(
    *, by: User, settling: Settling, movement: Movement, row: SettlementLine, index: OpenIndex
) -> None:
    """Post a payment to the documents that it names beyond doubt. All others wait in the queue for a person.

    What a person took back is never posted by itself again.
    """
    payment = row.payment
    if payment is None or row.kind != SettlementLine.Kind.PAYMENT or _was_touched(payment):
        return
    proposal = match_line(_as_bank_line(movement), index)
    customer = _sure_customer(proposal, payment)
    if customer is None:
        return

    if payment.customer_id is None:
        payment = say_payer(by=by, payment=payment, customer=customer)
    items = OpenItem.objects.in_bulk([each.document.id for each in proposal.applied])
    pays = payments_of(applied_as_data(proposal.applied), items)
    receipt = post_payment(by=by, payment=payment, posted_on=settling.day_of(movement), pays=pays)
    index.apply(proposal.applied)
    write_down(by, [Entry(movement.line, Outcome.POSTED, State.MATCHED, reasons_of(proposal), receipt)])


def _as_bank_line(movement: Movement) -> BankLine:
    """The payment as the matcher would read it on a bank statement: all that the payer paid, before any fee."""
    line, charged = movement.line, movement.charged
    return BankLine(
        id=line.pk,
        booked_on=line.booked_on,
        amount=charged.minor,
        currency=charged.currency,
        text=line.text,
        payer=line.payer,
        end_to_end=line.references.get("end_to_end", ""),
    )


def _was_touched(payment: ElectronicPayment) -> bool:
    """Whether somebody posted it before, or it failed or went back."""
    kinds = (PaymentFact.Kind.POSTED, PaymentFact.Kind.FAILED, PaymentFact.Kind.REFUNDED, PaymentFact.Kind.DISPUTED)
    return bool(payment.surcharge) or payment.facts.filter(kind__in=kinds).exists()


def _sure_customer(proposal: MatchProposal, payment: ElectronicPayment) -> Customer | None:
    """Whose it is, where the matcher is sure of every document and nothing that was told before says otherwise."""
    applied = proposal.applied
    if proposal.decision is not Decision.POSTED or any(each.kept for each in applied):
        return None
    if {each.document.customer_id for each in applied} != {proposal.customer_id}:
        return None
    if names_others(payment.documents, [each.document.number for each in applied]):
        return None
    customer = Customer.objects.filter(pk=proposal.customer_id or 0, entity=payment.entity_id).first()
    return customer if payment.customer_id in (None, proposal.customer_id) else None
