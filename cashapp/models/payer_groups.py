"""Who pays for whom: agents, factors, parents and buying groups whose money settles documents of several customers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class PayerGroup(ScopedModel):
    """A payer who was declared to pay for several customers. Known by an account, a name, or as a customer itself."""

    class Kind(models.TextChoices):
        """What the payer is to them."""

        AGENT = "agent", "Agent"
        FACTOR = "factor", "Factor"
        PARENT = "parent", "Parent company"
        BUYING_GROUP = "buying_group", "Buying group"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200, help_text="As the bank writes it.")
    account = models.CharField(max_length=64, blank=True, help_text="IBAN or account number the money comes from.")
    payer = models.ForeignKey(
        "customers.Customer",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payer_groups",
        help_text="Where the payer is a customer too.",
    )
    note = models.CharField(max_length=400, blank=True)
    declared_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("name", "pk")
        triggers: ClassVar = [
            frozen_columns("entity_id kind name account payer_id declared_by_id declared_at".split(), "payer groups"),
            *never_removed("payer groups"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("entity", "name", "account"), name="a_payer_group_is_declared_once"),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.get_kind_display().lower()}"


class PayerGroupMember(ScopedModel):
    """That the payer may pay for a customer, from a day on and until it is ended."""

    entity_path: ClassVar[str] = "group__entity"

    group = models.ForeignKey(PayerGroup, on_delete=models.PROTECT, related_name="members")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="paid_for_by")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ("customer__name", "pk")
        triggers: ClassVar = [
            frozen_columns("group_id customer_id from_on added_by_id added_at".split(), "members of payer groups"),
            *never_removed("members of payer groups"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("group", "customer"), condition=Q(until_on=None), name="a_customer_is_in_a_payer_group_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="a_membership_ends_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return f"{self.group.name} pays for {self.customer.name}"
