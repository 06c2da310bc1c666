"""Contracts and products, invoices and credit notes with lines and tax, billed days and deferred income."""

from invoicing.models.billing import BilledPeriod
from invoicing.models.billing_runs import (
    BillingChecks,
    BillingException,
    BillingRun,
    ChargeKind,
    FinalBill,
    FinalsDeclaration,
)
from invoicing.models.contract_files import ContractFile, RenewalQuote
from invoicing.models.contracts import (
    Amendment,
    AmendmentEffect,
    Contract,
    ContractLine,
    PriceTier,
    UsageReading,
)
from invoicing.models.corrections import Adjustment, BulkCredit, BulkCreditInvoice, ItemChange, Rebilling, Refund
from invoicing.models.credit_notes import CreditNote, CreditNoteLine, CreditNoteTax
from invoicing.models.deferrals import DeferralMovement, DeferralSchedule
from invoicing.models.deliveries import OtherDelivery
from invoicing.models.documents import Document, DocumentLine, DocumentTax, Language, Unit
from invoicing.models.intake import ContractIntake, IntakeMapping
from invoicing.models.invoices import Invoice, InvoiceLine, InvoiceTax
from invoicing.models.links import InvoiceLink, LinkAccess
from invoicing.models.parties import Party
from invoicing.models.products import Product, TaxClass
from invoicing.models.structured import StructuredInvoice
from invoicing.models.surcharges import Brand, CardProduct, CardSurcharge, Funding, SurchargeRule, SurchargeWaiver
from invoicing.models.tax import TaxCategory, TaxRate
from invoicing.models.tax_rules import TaxRule
from invoicing.models.uploads import UploadStep, UploadTask

__all__ = [
    "Adjustment",
    "BulkCredit",
    "BulkCreditInvoice",
    "ItemChange",
    "Rebilling",
    "Refund",
    "Amendment",
    "AmendmentEffect",
    "BilledPeriod",
    "BillingChecks",
    "BillingException",
    "BillingRun",
    "Brand",
    "CardProduct",
    "CardSurcharge",
    "ChargeKind",
    "Contract",
    "ContractFile",
    "ContractIntake",
    "ContractLine",
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteTax",
    "DeferralMovement",
    "DeferralSchedule",
    "Document",
    "DocumentLine",
    "DocumentTax",
    "FinalBill",
    "FinalsDeclaration",
    "Funding",
    "IntakeMapping",
    "Invoice",
    "InvoiceLine",
    "InvoiceLink",
    "InvoiceTax",
    "Language",
    "LinkAccess",
    "OtherDelivery",
    "Party",
    "PriceTier",
    "Product",
    "RenewalQuote",
    "StructuredInvoice",
    "SurchargeRule",
    "SurchargeWaiver",
    "TaxCategory",
    "TaxClass",
    "TaxRate",
    "TaxRule",
    "Unit",
    "UploadStep",
    "UploadTask",
    "UsageReading",
]
