"""What is wrong with a customer's master data, until somebody has put it right."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from customers.models.contacts import Contact
from customers.models.customer import Customer


class DataQualityTask(ScopedModel):
    """Something for a person to correct. While an address is in an open task, the outbox sends nothing to it."""

    entity_path = "customer__entity"

    class Kind(models.TextChoices):
        BOUNCED_ADDRESS = "bounced_address", "Mail comes back"

    kind = models.CharField(max_length=20, choices=Kind)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="data_quality_tasks")
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: an address typed by hand."
    )
    address = models.CharField(max_length=320, help_text="In small letters.")
    detail = models.TextField(blank=True, help_text="What the other mail server said.")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("opened_at", "pk")
        triggers: ClassVar = [
            frozen_columns(("kind", "customer_id", "contact_id", "address", "opened_at"), "tasks about data quality")
        ]
        indexes = (models.Index(fields=("-resolved_at",), name="data_quality_by_end"),)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "kind", "address"), condition=Q(resolved_at=None), name="one_open_task_an_address"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, resolution="")
                | Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution=""),
                name="a_resolved_task_says_how",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.address}"
