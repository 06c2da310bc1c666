"""What has to be put right in master data, and which addresses nobody writes to until then."""

from collections.abc import Iterable

from django.db.models import QuerySet

from core.models import LegalEntity
from customers.models import Customer, DataQualityTask

BOUNCED = DataQualityTask.Kind.BOUNCED_ADDRESS


def open_tasks(entity: LegalEntity) -> QuerySet[DataQualityTask]:
    """What waits, the oldest first."""
    return _tasks(entity).filter(resolved_at=None).order_by("opened_at", "pk")


def resolved_tasks(entity: LegalEntity) -> QuerySet[DataQualityTask]:
    """What was put right, the latest first."""
    return _tasks(entity).exclude(resolved_at=None).select_related("resolved_by").order_by("-resolved_at")


def bounced_addresses(customer: Customer, addresses: Iterable[str]) -> dict[str, DataQualityTask]:
    """Those of the addresses that return mail, as they are written here, each with its task."""
    written = {address.lower(): address for address in addresses}
    tasks = DataQualityTask.objects.filter(customer=customer, kind=BOUNCED, address__in=list(written), resolved_at=None)
    return {written[task.address]: task for task in tasks}


def _tasks(entity: LegalEntity) -> QuerySet[DataQualityTask]:
    rows = DataQualityTask.objects.filter(customer__entity=entity)
    return rows.select_related("customer__entity", "contact")
