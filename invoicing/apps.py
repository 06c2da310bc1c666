"""Invoicing: drafts, invoices and credit notes, their tax, their PDFs and their delivery."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """Label the room and its permissions *invoicing*."""

    name = "invoicing"
