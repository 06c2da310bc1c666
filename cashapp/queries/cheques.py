"""Cheques in the drawer, on slips and given back."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from cashapp.models import Cheque, ClearingCredit, DepositSlip
from core.models import LegalEntity, User
from core.money import ZERO, Money
from ledger.models import Account, JournalLine

VIEWS: dict[str, tuple[str, Q]] = {
    "drawer": ("In the drawer", Q(slip=None)),
    "under_way": ("On a slip", Q(slip__isnull=False, bounce=None, is_credited=False)),
    "credited": ("Credited", Q(is_credited=True, bounce=None)),
    "bounced": ("Given back", Q(bounce__isnull=False)),
}


def cheques_of(entity: LegalEntity, by: User) -> QuerySet[Cheque]:
    """The company's cheques, those that can be deposited first on top."""
    rows = Cheque.objects.visible_to(by).filter(entity=entity)
    rows = rows.select_related("customer", "slip", "receipt__item", "bounce", "unidentified")
    credited = ClearingCredit.objects.filter(slip=OuterRef("slip"), ended_on=None)
    return rows.annotate(is_credited=Exists(credited)).order_by("payable_from", "pk")


def found_cheques(rows: QuerySet[Cheque], query: str) -> QuerySet[Cheque]:
    """Those that a number, a name or a bank finds."""
    if not query:
        return rows
    found = Q(number__icontains=query) | Q(drawer__icontains=query) | Q(drawn_on__icontains=query)
    return rows.filter(found | Q(customer__name__icontains=query))


def slips_of(entity: LegalEntity, by: User) -> QuerySet[DepositSlip]:
    """Slips, the latest first, with whether the bank has credited them."""
    rows = DepositSlip.objects.visible_to(by).filter(entity=entity).select_related("bank_account", "entity", "file")
    credited = ClearingCredit.objects.filter(slip=OuterRef("pk"), ended_on=None)
    return rows.annotate(is_credited=Exists(credited), total=Sum("cheques__amount")).order_by("-pk")


def slip_total(slip: DepositSlip) -> Money:
    """What the cheques on a slip come to."""
    total = slip.cheques.aggregate(total=Sum("amount"))["total"]
    return Money(total or ZERO, slip.bank_account.currency)


def bounced_in_advance(slip: DepositSlip) -> list[Cheque]:
    """Cheques that the bank gave back before it credited them, and for which it has debited nothing yet."""
    back = list(slip.cheques.filter(bounce__isnull=False).select_related("entity", "bounce", "slip__bank_account"))
    keys = [key for cheque in back for key in keys_of_debit(cheque)]
    debits = JournalLine.objects.filter(entry__entity=slip.entity_id, entry__key__in=keys, debit__gt=0)
    booked = set(debits.filter(account__role=Account.Role.CHEQUE_CLEARING).values_list("entry__key", flat=True))
    return [cheque for cheque in back if booked.isdisjoint(keys_of_debit(cheque))]


def keys_of_debit(cheque: Cheque) -> tuple[str, str]:
    """What the bank's debit for a cheque that it gave back is booked under: with its return, or with its credit."""
    return f"bounced:{cheque.pk}", f"bounced-before-credit:{cheque.pk}"


def sums_of_credit(slip: DepositSlip) -> tuple[Money, ...]:
    """What the bank may credit: all of the slip, or that less the cheques which it gave back before."""
    total = slip_total(slip)
    back = sum((cheque.amount for cheque in bounced_in_advance(slip)), ZERO)
    less = Money(total.amount - back, total.currency)
    return (total, less) if back and less.amount > 0 else (total,)


def cheques_to_deposit(entity: LegalEntity) -> int:
    """Cheques in the drawer, for the menu."""
    return Cheque.objects.filter(entity=entity, slip=None).count()
