"""Reading structured invoices that other programs wrote: CII, UBL, or the CII inside a PDF.

Every file is hostile until proved otherwise: its size is limited, no entity is resolved, nothing is fetched, and a file
that declares a document type is refused.
"""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pypdf
from lxml import etree
from pypdf.errors import PyPdfError

from invoicing.einvoices.cii import NAMESPACE
from invoicing.einvoices.cii_reading import read_cii
from invoicing.einvoices.content import InvoiceContent
from invoicing.einvoices.fields import UnreadableInvoice
from invoicing.einvoices.ubl import SCHEMA
from invoicing.einvoices.ubl_reading import read_ubl

MEGABYTE = 1024 * 1024
LARGEST_XML = 10 * MEGABYTE
LARGEST_PDF = 25 * MEGABYTE
NAMES_IN_PDF = frozenset({"factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml"})
READERS = {
    f"{{{NAMESPACE}CrossIndustryInvoice:100}}CrossIndustryInvoice": read_cii,
    f"{{{SCHEMA}Invoice-2}}Invoice": read_ubl,
    f"{{{SCHEMA}CreditNote-2}}CreditNote": read_ubl,
}
OLD_ZUGFERD = "urn:ferd:CrossIndustryDocument:invoice:1p0"
FATTURA_PA = "FatturaElettronica"


def read_invoice(content: bytes) -> InvoiceContent:
    """What a file says, whichever form it has; raises UnreadableInvoice with a sentence."""
    xml = _data_inside(content) if is_pdf(content) else content
    if len(xml) > LARGEST_XML:
        raise UnreadableInvoice(f"The data has {len(xml) / MEGABYTE:.0f} MB; up to {LARGEST_XML // MEGABYTE} are read.")
    root = _root(xml)
    reader = READERS.get(str(root.tag))
    if reader is None:
        raise UnreadableInvoice(_unknown(str(root.tag)))
    return reader(root)


def is_pdf(content: bytes) -> bool:
    """Whether a file is a PDF by its first bytes."""
    return content.lstrip()[:5] == b"%PDF-"


def _root(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml.strip(), parser)
    except etree.XMLSyntaxError as broken:
        raise UnreadableInvoice(f"The file is no XML: {broken.msg}") from broken
    about: Any = root.getroottree().docinfo
    if about.doctype:
        raise UnreadableInvoice("The file declares a document type, which no invoice needs; it is not read.")
    return root


def _unknown(tag: str) -> str:
    if OLD_ZUGFERD in tag:
        return "This is ZUGFeRD 1.0, which is older than EN 16931. Only ZUGFeRD 2 and Factur-X are read."
    if FATTURA_PA in tag:
        return "This is an Italian FatturaPA. CII, UBL and Factur-X are read."
    return f"<{etree.QName(tag).localname}> is no invoice that is read here. CII, UBL and Factur-X are."


def _data_inside(pdf: bytes) -> bytes:
    if len(pdf) > LARGEST_PDF:
        raise UnreadableInvoice(f"The PDF has {len(pdf) / MEGABYTE:.0f} MB; up to {LARGEST_PDF // MEGABYTE} are read.")
    try:
        for name, content in _attachments(pypdf.PdfReader(io.BytesIO(pdf))):
            if name.lower() in NAMES_IN_PDF:
                return content
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as broken:
        raise UnreadableInvoice("The PDF is damaged, so that what is inside can't be read.") from broken
    raise UnreadableInvoice("The PDF carries no data of an invoice (factur-x.xml). Only its page could be looked at.")


def _attachments(reader: pypdf.PdfReader) -> Iterator[tuple[str, bytes]]:
    attached: Any = reader.attachments
    for name in attached:
        with suppress(IndexError):
            yield str(name), attached[name][0]
