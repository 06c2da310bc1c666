"""The payout of a settlement file: what it pays out, and the bank line on which it arrived. Part of taking it in."""

from dataclasses import dataclass
from decimal import Decimal

from cashapp.actions.payments.arriving import tie_payout
from cashapp.actions.payments.payouts import record_payout
from cashapp.actions.settlements.settling import Settling
from cashapp.electronic import PaidOut, PayoutDraft
from cashapp.models import SettlementLine
from cashapp.queries.settlements import lines_of_payout
from cashapp.settlements import Movement, movement_of
from core.money import ZERO, Money

Kind = SettlementLine.Kind


@dataclass(frozen=True, slots=True)
class PayingOut:
    """The payouts among some movements."""

    settling: Settling

    def settle(self, movement: Movement, row: SettlementLine) -> None:
        """Keep a payout with its payments, and tie it to its bank line where that is there."""
        if self.settling.is_of_debits(movement):
            row.kept_as = f"Payout {movement.payout} of direct debits"[:80]
            return
        inside = [movement_of(line) for line in lines_of_payout(movement.line)]
        settled = {each.pk: each for each in SettlementLine.objects.filter(line__in=[each.line for each in inside])}
        draft = self._draft(movement, inside, settled)
        row.payout = record_payout(by=self.settling.by, entity=self.settling.entity, draft=draft)
        row.difference = _gap(movement, inside, draft.gross.amount)
        tie_payout(by=self.settling.by, payout=row.payout)

    def _draft(self, movement: Movement, inside: list[Movement], settled: dict[int, SettlementLine]) -> PayoutDraft:
        net = -movement.line.amount
        fee = sum((each.fee for each in inside if not _is_booked(each, settled)), ZERO)
        payments = _paid_out(inside, settled)
        return PayoutDraft(
            provider=self.settling.provider,
            reference=_reference_of(movement),
            paid_on=movement.line.booked_on,
            gross=Money(net + fee, movement.currency),
            fee=fee,
            payments=payments,
            besides=net + fee - sum((each.amount for each in payments), ZERO),
        )


def _reference_of(movement: Movement) -> str:
    """The provider's id of a payout; Adyen numbers batches for each merchant account anew."""
    account = movement.line.bank_account.account_number
    return f"{account} {movement.payout}"[:80] if movement.provider == "Adyen" and account else movement.payout[:80]


def _is_booked(movement: Movement, settled: dict[int, SettlementLine]) -> bool:
    """Whether its fee was booked by itself, before any payout named it."""
    row = settled.get(movement.line.pk)
    return row is not None and row.entry_id is not None


def _paid_out(inside: list[Movement], settled: dict[int, SettlementLine]) -> list[PaidOut]:
    """The payments that it settles for the first time; the rest stands beside them."""
    found: dict[str, PaidOut] = {}
    for movement in inside:
        row = settled.get(movement.line.pk)
        if row is not None and row.payment is not None and row.fact_id is None and not row.difference:
            is_exchanged = row.payment.currency != movement.currency
            amount = movement.gross if is_exchanged else row.payment.collected.amount
            found.setdefault(row.payment.reference, PaidOut(row.payment.reference, amount, is_exchanged))
    return list(found.values())


def _gap(movement: Movement, inside: list[Movement], gross: Decimal) -> str:
    """What the payout pays beyond what the files tell of it."""
    missing = gross - sum((each.gross for each in inside), ZERO)
    if not inside or not missing:
        return ""
    more = "more" if missing > 0 else "less"
    gap = Money(abs(missing), movement.currency)
    return f"Payout {movement.payout} pays {gap} {more} than the lines that the files tell of it."
