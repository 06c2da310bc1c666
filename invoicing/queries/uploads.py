"""What waits to be put into customers' own portals, and what was."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core.models import LegalEntity
from invoicing.models import OtherDelivery, UploadStep, UploadTask

PARTS = ("entity", "customer__billing_requirements", "invoice", "credit_note")


def uploads(entity: LegalEntity, state: str) -> QuerySet[UploadTask]:
    """Those that wait and did not arrive on another way, the oldest first; or those that are done, the latest first."""
    rows = _whole().filter(entity=entity, state=state)
    if state != UploadTask.State.OPEN:
        return rows.order_by("-pk")
    same = Q(invoice=OuterRef("invoice")) | Q(credit_note=OuterRef("credit_note"))
    return rows.exclude(Exists(OtherDelivery.objects.filter(same, ended_at=None))).order_by("opened_at", "pk")


def upload_with_parts() -> QuerySet[UploadTask]:
    """Uploads with everything that their page shows."""
    return _whole()


def _whole() -> QuerySet[UploadTask]:
    steps = UploadStep.objects.select_related("by", "file").order_by("-pk")
    return UploadTask.objects.select_related(*PARTS).prefetch_related(Prefetch("steps", queryset=steps))
