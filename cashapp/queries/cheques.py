"""Cheques in the drawer, on slips and given back."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from cashapp.models import Cheque, ClearingCredit, DepositSlip
from core.models import LegalEntity, User
from core.money import ZERO, Money

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
    return rows.annotate(is_credited=Exists(credited), total=Sum("cheques__amount"))


def slip_total(slip: DepositSlip) -> Money:
    """What the cheques on a slip come to."""
    total = slip.cheques.aggregate(total=Sum("amount"))["total"]
    return Money(total or ZERO, slip.bank_account.currency)


def cheques_to_deposit(entity: LegalEntity) -> int:
    """Cheques in the drawer, for the menu."""
    return Cheque.objects.filter(entity=entity, slip=None).count()
