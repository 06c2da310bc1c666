"""The kinds of structured invoice that leave the house, and what each of them is called. Pure."""

from dataclasses import dataclass

from invoicing.einvoices.cii import cii_of
from invoicing.einvoices.content import InvoiceContent
from invoicing.einvoices.ubl import ubl_of
from invoicing.models import StructuredInvoice

Profile = StructuredInvoice.Profile
EN_16931 = "urn:cen.eu:en16931:2017"


@dataclass(frozen=True, slots=True)
class Format:
    """What a profile is called, and the identifier (BT-24) by which receivers know it."""

    name: str
    specification: str


FORMATS = {
    Profile.CII: Format("CII (EN 16931)", EN_16931),
    Profile.PEPPOL: Format("Peppol BIS 3", f"{EN_16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"),
    Profile.XRECHNUNG: Format("XRechnung", f"{EN_16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"),
}


def xml_of(content: InvoiceContent, profile: Profile) -> bytes:
    """The document in a profile."""
    write = cii_of if profile is Profile.CII else ubl_of
    return write(content, FORMATS[profile].specification)
