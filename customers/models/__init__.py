"""Customers and what belongs to them."""

from customers.models.attachments import CustomerFile, CustomerNote
from customers.models.contacts import Address, Contact, CustomerBankAccount
from customers.models.customer import Customer, lock, lock_many, take_turns
from customers.models.imports import CustomerImport, ImportMapping
from customers.models.requirements import BillingRequirements
from customers.models.tax import TaxCertificate
from customers.models.terms import PaymentTerms

__all__ = [
    "Address",
    "BillingRequirements",
    "Contact",
    "Customer",
    "CustomerBankAccount",
    "CustomerFile",
    "CustomerImport",
    "CustomerNote",
    "ImportMapping",
    "PaymentTerms",
    "TaxCertificate",
    "lock",
    "lock_many",
    "take_turns",
]
