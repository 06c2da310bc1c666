"""The entry and the open item of an issued invoice, and the period that they are in."""

from core.models import LegalEntity
from ledger.models import Account, AccountingPeriod, Allocation, OpenItem
from tests.house.scoped import Addresses, Stage


def addresses(stage: Stage) -> Addresses:
    uk: LegalEntity = stage.uk
    item = OpenItem.objects.filter(entity=uk).latest("pk")
    period = {"pk": AccountingPeriod.objects.filter(entity=uk).latest("pk").pk}
    account = {"code": Account.objects.filter(entity=uk).latest("pk").code}
    allocation = Allocation.objects.order_by("-pk").first()
    return {
        "ledger:account": account,
        "ledger:account_xlsx": account,
        "ledger:entry": {"pk": item.line.entry_id},
        "ledger:item": {"pk": item.pk},
        "reporting:document": {"pk": item.pk},
        "ledger:soft_lock_period": period,
        "ledger:close_period": period,
        "ledger:reopen_period": period,
        "open-item-detail": {"pk": item.pk},
        **({"allocation-detail": {"pk": allocation.pk}} if allocation else {}),
    }
