"""Who the company is to a scheme, and by which way its collections leave."""

from django.db import models
from django.db.models import Q

from core.scoping import ScopedModel
from directdebit.schemes import RULES, Rules, Scheme


class Creditor(ScopedModel):
    """The company as one scheme knows it: a service user at Bacs, a creditor in SEPA, an originator at ACH.

    Its mandates are collected by files for its own bank, or by a provider whose adapter speaks for it.
    """

    class Provider(models.TextChoices):
        """Who takes the collections in."""

        FILE = "file", "Files for our bank"
        ACCESS_PAYSUITE = "access_paysuite", "Access PaySuite"
        GOCARDLESS = "gocardless", "GoCardless"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="creditors")
    code = models.SlugField(max_length=20, help_text="Short name, which also finds a provider's key.")
    name = models.CharField(max_length=60, help_text="As payers read it on their statements.")
    scheme = models.CharField(max_length=10, choices=Scheme)
    identifier = models.CharField(
        max_length=35, help_text="Service user number, SEPA creditor identifier, or the bank's ten characters for ACH."
    )
    bank_account = models.ForeignKey("core.BankAccount", on_delete=models.PROTECT, related_name="+")
    notice_days = models.PositiveSmallIntegerField(
        help_text="Working days for Bacs, calendar days otherwise. Fewer only as agreed with the bank."
    )
    provider = models.CharField(max_length=16, choices=Provider, default=Provider.FILE)
    base_url = models.URLField(blank=True, help_text="Where the provider's interface is.")
    schedule = models.CharField(max_length=120, blank=True, help_text="Access PaySuite's schedule for new contracts.")
    creditor = models.CharField(max_length=60, blank=True, help_text="GoCardless's name for us.")
    next_serial = models.PositiveIntegerField(default=1, editable=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("entity", "code")
        constraints = (
            models.UniqueConstraint(fields=("entity", "code"), name="one_creditor_a_code"),
            models.UniqueConstraint(
                fields=("code",),
                condition=~Q(provider="file"),
                name="a_providers_code_is_taken_once",
                violation_error_message="Another creditor has this code with a provider; its key is found by the code.",
            ),
            models.UniqueConstraint(fields=("scheme", "identifier", "provider"), name="a_creditor_is_known_once"),
            models.CheckConstraint(
                condition=Q(provider="file", base_url="") | ~Q(provider="file") & ~Q(base_url=""),
                name="a_provider_has_an_address",
                violation_error_message="A provider needs the address of its interface; files need none.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.get_scheme_display()} {self.identifier}"

    @property
    def rules(self) -> Rules:
        """What its scheme asks for."""
        return RULES[self.scheme]

    @property
    def currency(self) -> str:
        """In which its scheme collects."""
        return self.rules.currency

    @property
    def writes_files(self) -> bool:
        """Whether its collections leave as files."""
        return self.provider == self.Provider.FILE
