"""Returns: the reports that came in, each thing that they tell, and what somebody has to do about it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from directdebit.returns.advice import CodeList, Kind
from directdebit.returns.reasons import FollowUpKind
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
TOLD = """
    entity_id report_id key source kind codes code words mandate_reference collection_reference batch_reference
    claim_reference amount currency collected_on effective_on payer payer_account place
""".split()


class ReturnReport(ScopedModel):
    """A file from the bank or the scheme, kept as it came. The same file is taken in once."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    format = models.CharField(max_length=40)
    identifier = models.CharField(max_length=80, blank=True, help_text="The report's own number.")
    service = models.CharField(max_length=80, blank=True, help_text="Whose direct debits it is about.")
    made_on = models.DateField(null=True)
    findings = models.JSONField(default=list)
    taken_in_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    taken_in_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("reports on direct debits")
        constraints = (
            models.UniqueConstraint(fields=("entity", "content_hash"), name="a_return_report_is_taken_in_once"),
        )

    def __str__(self) -> str:
        return f"{self.format} {self.identifier}".strip()


class ReturnedDebit(ScopedModel):
    """One thing told about one collection or mandate, and what became of it.

    What was told never changes. A return that is told twice, in another file or by the provider, is kept as told before
    and does nothing again: a collection comes back once.
    """

    class Source(models.TextChoices):
        """By which way it came."""

        FILE = "file", "File"
        ACCESS_PAYSUITE = "access_paysuite", "Access PaySuite"
        GOCARDLESS = "gocardless", "GoCardless"

    class State(models.TextChoices):
        """Where it stands."""

        NEW = "new", "To be booked"
        BOOKED = "booked", "Booked"
        TOLD_BEFORE = "told_before", "Told before"
        WAITING = "waiting", "Waits for a person"
        SET_ASIDE = "set_aside", "Set aside"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(ReturnReport, null=True, on_delete=models.PROTECT, related_name="returns")
    key = models.CharField(max_length=64, help_text="Made of everything that was told, so that it comes in once.")
    source = models.CharField(max_length=16, choices=Source)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.name) for kind in Kind])
    codes = models.CharField(max_length=10, choices=[(codes.value, codes.value) for codes in CodeList])
    code = models.CharField(max_length=20)
    words = models.CharField(max_length=200, blank=True)
    mandate_reference = models.CharField(max_length=80, blank=True)
    collection_reference = models.CharField(max_length=80, blank=True)
    batch_reference = models.CharField(max_length=80, blank=True)
    claim_reference = models.CharField(max_length=80, blank=True)
    amount = AmountField(null=True)
    currency = CurrencyField(blank=True)
    collected_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    fee = AmountField(null=True, help_text="What the bank takes for it, where it says so.")
    payer = models.CharField(max_length=140, blank=True)
    payer_account = models.CharField(max_length=12, blank=True, help_text="The last four signs.")
    place = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    why = models.CharField(max_length=400, blank=True, help_text="Why it waits, or was set aside.")
    mandate = models.ForeignKey("directdebit.Mandate", null=True, on_delete=models.PROTECT, related_name="returns")
    collection = models.ForeignKey(
        "directdebit.Collection", null=True, on_delete=models.PROTECT, related_name="returns"
    )
    receipt = models.ForeignKey("cashapp.Receipt", null=True, on_delete=models.PROTECT, related_name="returns")
    fee_entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    claim = models.OneToOneField("ledger.BankClaim", null=True, on_delete=models.PROTECT, related_name="returned")
    debit_on = models.DateField(null=True, help_text="When the bank takes the money of a claim.")
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="told_again")
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [frozen_columns(TOLD, "returned debits"), *never_removed("returned debits")]
        constraints = (
            models.UniqueConstraint(fields=("entity", "key"), name="a_return_comes_in_once"),
            models.UniqueConstraint(
                fields=("collection", "kind"),
                condition=Q(state="booked", collection__isnull=False),
                name="a_collection_comes_back_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="told_before") | Q(same_as__isnull=False), name="told_before_names_the_first"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("waiting", "set_aside")) | ~Q(why=""), name="what_is_not_booked_says_why"
            ),
        )
        indexes = (
            models.Index(fields=("entity", "state", "-id"), name="returns_by_state"),
            models.Index(fields=("id",), condition=Q(state="new"), name="returns_to_book"),
        )

    def __str__(self) -> str:
        return f"{self.codes} {self.code} {self.mandate_reference or self.collection_reference}".strip()

    @property
    def money(self) -> Money | None:
        """What was collected, where it was told in a currency."""
        return None if self.amount is None or not self.currency else Money(self.amount, self.currency)


class FollowUp(ScopedModel):
    """What somebody has to do because a direct debit came back or a mandate changed."""

    class Owner(models.TextChoices):
        """Who takes it up."""

        RECEIVABLES = "receivables", "Receivables"
        COLLECTIONS = "collections", "Collections"
        CUSTOMER_SUCCESS = "customer_success", "Customer success"
        LEGAL = "legal", "Legal"

    class Kind(models.TextChoices):
        """What is to be done."""

        RE_PRESENT = FollowUpKind.RE_PRESENT.value, "Present again"
        NEW_DETAILS = FollowUpKind.NEW_DETAILS.value, "Get new bank details"
        CUSTOMER_SUCCESS = FollowUpKind.CUSTOMER_SUCCESS.value, "Speak to the customer"
        LEGAL = FollowUpKind.LEGAL.value, "Legal review"
        INVESTIGATE = FollowUpKind.INVESTIGATE.value, "Look into it"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="debit_follow_ups")
    returned = models.ForeignKey(ReturnedDebit, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=16, choices=Kind)
    owner = models.CharField(max_length=16, choices=Owner)
    due_on = models.DateField()
    until_on = models.DateField(null=True, help_text="The last day on which the scheme lets it be presented again.")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        triggers: ClassVar = [
            frozen_columns(("entity_id", "customer_id", "returned_id", "kind", "until_on"), "follow-ups"),
            *never_removed("follow-ups"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("returned", "kind"), name="a_return_is_followed_up_once"),
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None, outcome="")
                | (Q(done_on__isnull=False, done_by__isnull=False) & ~Q(outcome="")),
                name="the_end_of_a_follow_up_is_whole",
            ),
        )
        indexes = (models.Index(fields=("entity", "due_on"), condition=Q(done_on=None), name="follow_ups_to_do"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.returned}"


class ReturnPolicy(ScopedModel):
    """What a return costs and who bears it, per creditor; without a row only what the bank itself names is booked."""

    entity_path: ClassVar[str] = "creditor__entity"

    creditor = models.OneToOneField("directdebit.Creditor", on_delete=models.PROTECT, related_name="return_policy")
    bank_fee = AmountField(default=0, help_text="What the bank takes for each return. Its own word goes before this.")
    recharge = AmountField(default=0, help_text="What the customer is charged for each return.")
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("creditor",)
        constraints = (
            models.CheckConstraint(condition=Q(bank_fee__gte=0, recharge__gte=0), name="return_fees_are_not_negative"),
        )

    def __str__(self) -> str:
        return f"Fees of returns, {self.creditor}"
