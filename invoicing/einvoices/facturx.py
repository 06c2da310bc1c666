"""The CII inside the PDF, as Factur-X 1.0 and ZUGFeRD 2 name and describe it. Pure."""

from core.pdf_archive import Embedded, Said, Schema

FILE_NAME = "factur-x.xml"
NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = {
    "DocumentType": Said("INVOICE", "Kind of document, also for a credit note"),
    "DocumentFileName": Said(FILE_NAME, "Name of the embedded file"),
    "Version": Said("1.0", "Version of the schema"),
    "ConformanceLevel": Said("EN 16931", "Profile of the embedded file"),
}
SCHEMA = Schema("Factur-X PDFA Extension Schema", NAMESPACE, "fx", PROPERTIES)


def inside(xml: bytes, number: str) -> Embedded:
    """The file that a document's PDF carries: another form of the same document."""
    return Embedded(FILE_NAME, xml, f"Data of {number}, EN 16931", "Alternative", SCHEMA)
