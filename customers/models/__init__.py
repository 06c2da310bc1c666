"""Customers and what belongs to them."""

from customers.models.attachments import CustomerFile, CustomerNote
from customers.models.bank_accounts import CustomerBankAccount
from customers.models.contacts import Address, Contact
from customers.models.credit import CreditHold, CreditPolicy, CreditRelease, CreditStop
from customers.models.customer import Customer, lock, lock_many, take_turns
from customers.models.data_quality import DataQualityTask
from customers.models.imports import CustomerImport, ImportMapping
from customers.models.requirements import BillingRequirements
from customers.models.tax import TaxCertificate
from customers.models.terms import PaymentTerms

__all__ = [
    "Address",
    "BillingRequirements",
    "Contact",
    "CreditHold",
    "CreditPolicy",
    "CreditRelease",
    "CreditStop",
    "Customer",
    "CustomerBankAccount",
    "CustomerFile",
    "CustomerImport",
    "CustomerNote",
    "DataQualityTask",
    "ImportMapping",
    "PaymentTerms",
    "TaxCertificate",
    "lock",
    "lock_many",
    "take_turns",
]
