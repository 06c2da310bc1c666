"""Files of orders, amendments and usage on their way from columns to contracts."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.scoping import ScopedModel
from customers.models.imports import DecimalSign


class ContractIntake(ScopedModel):
    """An uploaded file of one kind, with what its columns hold. A run brings its rows in, each once."""

    class Kind(models.TextChoices):
        """What its rows are."""

        ORDERS = "orders", "Orders: one row a line of a contract"
        AMENDMENTS = "amendments", "Amendments and renewals"
        USAGE = "usage", "Usage readings"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    columns = models.JSONField(default=dict, help_text="Our field by the file's heading.")
    decimal_sign = models.CharField(max_length=1, choices=DecimalSign, default=DecimalSign.POINT)
    activates = models.BooleanField(default=False, help_text="Orders become active contracts where nothing is missing.")
    run = models.ForeignKey("core.Run", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file.name


class IntakeMapping(ScopedModel):
    """Which column of a file holds what, kept under a name for the next file of that kind."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ContractIntake.Kind)
    name = models.CharField(max_length=60)
    columns = models.JSONField(help_text="Our field by the file's heading.")
    decimal_sign = models.CharField(max_length=1, choices=DecimalSign, default=DecimalSign.POINT)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("entity", "kind", "name"), name="one_intake_mapping_of_a_name"),)

    def __str__(self) -> str:
        return self.name
