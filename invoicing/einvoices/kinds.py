"""Which types of document give money back. Pure."""

from invoicing.einvoices.content import Kind

CREDITS = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})


def kind_of(code: str) -> Kind:
    """The kind behind a code of UNTDID 1001; whatever asks for money is an invoice."""
    return Kind.CREDIT_NOTE if code in CREDITS else Kind.INVOICE
