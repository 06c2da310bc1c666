"""The files that a customer wants to go along with its invoices."""

from core.models import StoredFile
from customers.models import BillingRequirements
from invoicing.models import ContractFile, Invoice

PAPERS = (ContractFile.Kind.ORDER_FORM, ContractFile.Kind.PURCHASE_ORDER)


def files_along(invoice: Invoice) -> list[StoredFile]:
    """Files of the customer, then papers of the contracts that the invoice bills; each once."""
    wanted = BillingRequirements.objects.filter(customer=invoice.customer_id).first()
    if wanted is None:
        return []
    files = [attached.file for attached in wanted.files.select_related("file").order_by("pk")]
    if wanted.sends_contract_papers:
        billed = {"contract__lines__billed__invoice_line__invoice": invoice, "kind__in": PAPERS}
        papers = ContractFile.objects.filter(**billed).select_related("file").order_by("pk").distinct()
        files += [paper.file for paper in papers]
    return list({file.pk: file for file in files}.values())
