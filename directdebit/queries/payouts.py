"""Payouts of providers: their parts, what differs, and the bank lines on which they may have arrived."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cashapp.models import BankStatementLine
from cashapp.queries.payments import lines_of_amount
from cashapp.settlements.arriving import Expected, Told, arrivals
from core.models import LegalEntity, User
from core.money import Money
from directdebit.models import Creditor, PayoutArrival, PayoutItem, ProviderPayout
from directdebit.paid_out import Part, Sums, differences, sums_of


@dataclass(frozen=True, slots=True)
class PayoutProof:
    """A payout held against its collections."""

    payout: ProviderPayout
    items: list[PayoutItem]
    sums: Sums
    differences: list[str]

    @property
    def arrival(self) -> PayoutArrival | None:
        """Where it arrived, if it did."""
        found: PayoutArrival | None = getattr(self.payout, "arrival", None)
        return found


def payouts_of(creditor: Creditor, by: User) -> QuerySet[ProviderPayout]:
    """What a provider paid out, the latest first."""
    rows = ProviderPayout.objects.visible_to(by).filter(creditor=creditor)
    return rows.select_related("creditor", "arrival__line__bank_account", "arrival__entry").prefetch_related(
        "items__collection__customer"
    )


def proof_of(payout: ProviderPayout) -> PayoutProof:
    """Hold a payout against its collections."""
    items = list(payout.items.all())
    parts = [_part(item) for item in items]
    found = list(differences(Money(payout.net, payout.currency), parts))
    return PayoutProof(payout, items, sums_of(parts), found)


def payouts_not_arrived(entity: LegalEntity) -> list[ProviderPayout]:
    """Payouts that no bank line brought yet."""
    rows = ProviderPayout.objects.filter(creditor__entity=entity, arrival=None, net__gt=0)
    return list(rows.select_related("creditor__entity").order_by("arrives_on", "pk"))


def payout_lines(payout: ProviderPayout) -> list[BankStatementLine]:
    """Bank lines of that very amount that nobody matched yet."""
    return lines_of_amount(payout.creditor.entity, Money(payout.net, payout.currency))


def sure_arrivals(entity: LegalEntity) -> list[tuple[ProviderPayout, BankStatementLine]]:
    """Payouts with the only bank line that can be theirs: amount, days, and the provider's name or the reference."""
    payouts = {payout.pk: payout for payout in payouts_not_arrived(entity)}
    lines = {line.pk: line for payout in payouts.values() for line in payout_lines(payout)}
    found = arrivals([_expected(payout) for payout in payouts.values()], [_told(line) for line in lines.values()])
    return [(payouts[payout], lines[line]) for payout, line in found]


def _part(item: PayoutItem) -> Part:
    collection = item.collection
    label, asked = (collection.reference, collection.amount) if collection else ("", None)
    return Part(item.kind, item.identifier, item.amount, label, asked)


def _expected(payout: ProviderPayout) -> Expected:
    name = payout.creditor.get_provider_display()
    return Expected(payout.pk, payout.net, payout.currency, payout.arrives_on, name, payout.reference)


def _told(line: BankStatementLine) -> Told:
    words = " ".join([line.payer, line.ultimate_payer, line.text, *map(str, line.references.values())])
    return Told(line.pk, line.amount, line.currency, line.booked_on, words.casefold())
