"""What becomes of one movement at a provider. Part of the action that takes them in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import cast

from django.conf import settings
from django.db.models import Sum
from django.utils.module_loading import import_string

from cashapp.actions.payments.taking_back import GONE_BACK, TakenBack, return_payment
from cashapp.actions.payments.telling import take_in_payment, tell_of_payment
from cashapp.actions.settlements.exchanging import Exchanging
from cashapp.electronic import Named, PaymentDraft
from cashapp.errors import PaymentRefused, ProviderMissing
from cashapp.models import ElectronicPayment, PaymentFact, PaymentProvider, Receipt, SettlementLine
from cashapp.queries.payments import live_receipt
from cashapp.queries.settlements import payments_by_reference, provider_named
from cashapp.settlements.elsewhere import collected_elsewhere
from cashapp.settlements.movement import Movement
from cashapp.taking_in import recognised_items
from core.models import BankAccount, LegalEntity, User
from core.money import ZERO
from ledger.models import Account, JournalEntry, JournalLine, OpenItem
from ledger.periods import is_open
from ledger.posting import EntryDraft, LineDraft, post

Kind = SettlementLine.Kind
Fact = PaymentFact.Kind
NOON = time(12)
WORDS = {Kind.REFUND: "refund", Kind.CHARGEBACK: "chargeback"}
FACTS = {Kind.REFUND: Fact.REFUNDED, Kind.CHARGEBACK: Fact.DISPUTED}


@dataclass
class Settling:
    """Some movements of an account at a provider, with what is known of their payments. Refusals are differences."""

    by: User
    account: BankAccount
    movements: Sequence[Movement]
    on: date
    payments: dict[str, ElectronicPayment]
    kept: Mapping[str, str]
    items: dict[int, OpenItem | None] = field(default_factory=dict)

    @classmethod
    def of(cls, by: User, account: BankAccount, movements: Sequence[Movement], on: date) -> "Settling":
        """Ask once what is known of all of them. Without the provider nothing can be booked."""
        kept = collected_elsewhere(account.entity, [each.payment for each in movements])
        settling = cls(by, account, movements, on, {}, kept)
        if any(not settling.is_of_debits(each) for each in movements):
            settling.payments = payments_by_reference(settling.provider, [each.payment for each in movements])
            settling.items = _items_named(account.entity, settling)
        return settling

    @property
    def entity(self) -> LegalEntity:
        """Whose account it is."""
        return self.account.entity

    @cached_property
    def provider(self) -> PaymentProvider:
        """Who sent the file; one that the company doesn't know has no clearing account to book on."""
        name = self.movements[0].provider
        found = provider_named(self.entity, name)
        if found is None:
            raise ProviderMissing(
                f"{name} is not among the providers of {self.entity.name} yet. "
                "A finance manager adds it under Hours and providers, then the file is looked at again."
            )
        return found

    @cached_property
    def payouts_of_debits(self) -> set[str]:
        """Payouts that pay out direct debits: these are booked with the debits."""
        return {each.payout for each in self.movements if each.payment in self.kept} - {""}

    def is_of_debits(self, movement: Movement) -> bool:
        """Whether a movement is about direct debits, which another room keeps."""
        return movement.payment in self.kept or movement.payout in self.payouts_of_debits

    def day_of(self, movement: Movement) -> date:
        """The day on which it counts."""
        booked_on = movement.line.booked_on
        return booked_on if is_open(self.entity, booked_on) else self.on

    def settle_fee(self, movement: Movement, row: SettlementLine) -> None:
        """Book the fee that no payout will, once."""
        if movement.fee and not movement.payout and row.entry is None:
            row.entry = self._book_fee(movement)

    def settle(self, movement: Movement, row: SettlementLine) -> None:
        """Lead a movement to the payment that it is about."""
        if self.is_of_debits(movement):
            self._leave_to_debits(movement, row)
        elif movement.kind == Kind.PAYMENT:
            self._settle_payment(movement, row)
        elif movement.kind in FACTS:
            self._settle_return(movement, row)
        elif movement.kind == Kind.RESERVE:
            row.kept_as = f"Held back by {self.provider}, on {self.provider.clearing.code}"[:80]
        elif movement.kind == Kind.CONVERSION:
            self._settle_conversion(movement, row)
        elif movement.kind == Kind.OTHER:
            row.difference = f"{movement.words or 'A movement'} of {movement.money} is neither a payment nor a payout."

    def settle_exchange(self, movement: Movement, row: SettlementLine) -> None:
        """Book what the provider made of a payment in another currency, once: it is paid out in the provider's."""
        is_foreign = movement.charged.currency != movement.currency
        moved = row.payment is not None and (movement.kind == Kind.PAYMENT or row.fact is not None)
        if is_foreign and moved and row.payment is not None and row.exchange is None and not row.difference:
            exchanging = Exchanging(self.by, self.provider, self.day_of(movement))
            row.exchange = exchanging.of_payment(movement, row.payment)

    def _settle_conversion(self, movement: Movement, row: SettlementLine) -> None:
        row.exchange = Exchanging(self.by, self.provider, self.day_of(movement)).of_conversion(movement)
        if row.exchange is None:
            row.difference = (
                f"{self.provider} exchanged {movement.money}, but the other half is in no file yet. "
                "Bring in the file of that currency, then look again."
            )

    def _leave_to_debits(self, movement: Movement, row: SettlementLine) -> None:
        row.kept_as = self.kept.get(movement.payment, "")[:80] or f"Payout {movement.payout} of direct debits"[:80]
        if movement.kind == Kind.PAYMENT and movement.payment not in self.kept:
            row.kept_as = ""
            row.difference = f"{movement.payment} of {movement.money} is paid out with direct debits, but isn't ours."

    def _book_fee(self, movement: Movement) -> JournalEntry:
        fee, clearing = movement.fee, self.provider.clearing
        cost, left = (Account.Role.BANK_CHARGES, clearing) if fee > 0 else (clearing, Account.Role.BANK_CHARGES)
        draft = EntryDraft(
            entity=self.entity,
            kind=JournalEntry.Kind.ADJUSTMENT,
            posted_on=self.day_of(movement),
            currency=movement.currency,
            lines=(LineDraft(cost, debit=abs(fee)), LineDraft(left, credit=abs(fee))),
            key=f"settlement-fee:{movement.line.pk}",
            text=f"Fee of {self.provider}, {movement.payment or movement.words}"[:200],
        )
        return post(by=self.by, entries=[draft])[0]

    # Payments --------------------------------------------------------------------------------------------------------

    def _settle_payment(self, movement: Movement, row: SettlementLine) -> None:
        if movement.gross <= 0 or not movement.payment:
            raise PaymentRefused(f"{movement.provider} names no payment for {movement.money}: {movement.words}.")
        payment = self.payments.get(movement.payment) or self._take_in(movement)
        row.payment = payment
        if payment.collected != movement.charged:
            row.difference = (
                f"{self.provider} settles {movement.charged} for {payment}, which came in with {payment.collected}."
            )
        elif _others(payment, row):
            self._come_again(movement, payment, row)

    def _take_in(self, movement: Movement) -> ElectronicPayment:
        """A payment of which the provider never told by itself; the document that it names says whose it is."""
        item, line = self.items.get(movement.line.pk), movement.line
        named = line.references.get("end_to_end", "")
        draft = PaymentDraft(
            method=movement.method,
            reference=movement.payment,
            money=movement.charged,
            received_at=datetime.combine(line.booked_on, NOON, self.entity.zone),
            provider=self.provider,
            customer=item.customer if item else None,
            documents=[Named(item.number if item else named)] if named else [],
            payer=line.payer,
            payer_email=movement.email,
            text=movement.words,
        )
        payment = take_in_payment(by=self.by, entity=self.entity, draft=draft, source=ElectronicPayment.Source.FILE)
        self.payments[movement.payment] = payment
        return payment

    def _come_again(self, movement: Movement, payment: ElectronicPayment, row: SettlementLine) -> None:
        """Money that had gone back came again, as when a dispute is won: it is posted anew."""
        went_back = payment.facts.filter(kind__in=GONE_BACK, receipt__isnull=False).order_by("-pk").first()
        again = payment.facts.filter(kind=Fact.POSTED, pk__gt=went_back.pk, settlement_line=None) if went_back else None
        if again is None or (live_receipt(payment) is not None and not again.exists()):
            raise PaymentRefused(f"{payment} is settled a second time, with {movement.charged}, and never went back.")
        if live_receipt(payment) is None:
            self._collect(payment, self.day_of(movement))
        row.fact = again.latest("pk")

    def _collect(self, payment: ElectronicPayment, on: date) -> None:
        """Post it with its surcharge, which went back with it and is charged anew by the rules."""
        collect = cast(Callable[..., Receipt], import_string(settings.PAYMENTS_COLLECTED_BY))
        collect(by=self.by, payment=payment, posted_on=on)

    # Refunds and chargebacks -----------------------------------------------------------------------------------------

    def _settle_return(self, movement: Movement, row: SettlementLine) -> None:
        payment = self.payments.get(movement.payment)
        if payment is None:
            raise PaymentRefused(
                f"A {WORDS[Kind(movement.kind)]} of {movement.money}: its payment "
                f"{movement.payment or 'is not named and'} never came in here, so nothing was opened again."
            )
        row.payment = payment
        known = _fact_of(movement, payment)
        if known is not None:
            row.fact = known
        elif movement.paid_back != payment.collected:
            row.difference = (
                f"{movement.paid_back} of {payment} went back to the payer. A part goes back by a refund: "
                "record it there, then look again."
            )
        else:
            row.fact = self._take_back(movement, payment)

    def _take_back(self, movement: Movement, payment: ElectronicPayment) -> PaymentFact:
        at = datetime.combine(movement.line.booked_on, NOON, self.entity.zone)
        reason = f"{WORDS[Kind(movement.kind)].capitalize()} told by {self.provider}: {movement.words}"[:200]
        if live_receipt(payment) is None:
            kind, own = Fact.FAILED, movement.own
            return tell_of_payment(by=self.by, payment=payment, kind=kind, at=at, reference=own, note=reason)
        kind, day = FACTS[Kind(movement.kind)], self.day_of(movement)
        told = TakenBack(kind, at, day, movement.own, reason)
        return_payment(by=self.by, payment=payment, told=told)
        return payment.facts.get(kind=kind, reference=movement.own)


def _items_named(entity: LegalEntity, settling: Settling) -> dict[int, OpenItem | None]:
    """The document that each new payment names, by the line."""
    new = [each for each in settling.movements if each.kind == Kind.PAYMENT and each.payment not in settling.payments]
    numbers = [(each.line.references.get("end_to_end", ""), "") for each in new]
    found = recognised_items(entity, None, numbers)
    return {each.line.pk: item for each, item in zip(new, found, strict=True)}


def _others(payment: ElectronicPayment, row: SettlementLine) -> bool:
    """Whether another line settled the payment before."""
    return payment.settlement_lines.filter(kind=Kind.PAYMENT, difference="").exclude(pk=row.pk).exists()


def _fact_of(movement: Movement, payment: ElectronicPayment) -> PaymentFact | None:
    """What is kept already of money that went back: by the provider's id, else of that very amount."""
    rows = payment.facts.filter(kind=FACTS[Kind(movement.kind)], settlement_line=None).order_by("pk")
    by_id = rows.filter(reference=movement.own).first()
    return by_id or next((fact for fact in rows if _amount_of(fact, payment) == movement.paid_back.amount), None)


def _amount_of(fact: PaymentFact, payment: ElectronicPayment) -> Decimal:
    """What went back by it: all, or what its entry took off the clearing account."""
    if fact.receipt_id is not None:
        return payment.collected.amount
    rows = JournalLine.objects.filter(entry=fact.entry_id, account__role=Account.Role.CARD_CLEARING)
    return rows.aggregate(total=Sum("credit"))["total"] or ZERO
