"""What a PDF/A-3 says about itself beside the usual: that it is tagged for screen readers, and what it carries. Pure.

PDF/A wants every property that it doesn't know to be described in the file; such a description is an extension schema.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
for _prefix, _uri in {"pdfaExtension": EXTENSION, "pdfaSchema": SCHEMA, "pdfaProperty": PROPERTY}.items():
    register_namespace(_prefix, _uri)


@dataclass(frozen=True, slots=True)
class Said:
    """A property of the document: its value, the value's type, and what it means."""

    value: str
    meaning: str
    type: str = "Text"
    category: str = "external"


@dataclass(frozen=True, slots=True)
class Schema:
    """Properties of one namespace."""

    name: str
    namespace: str
    prefix: str
    properties: Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file inside a PDF, and what the PDF says about it."""

    name: str
    content: bytes
    description: str
    relationship: str
    schema: Schema


TAGGED = Schema(
    "PDF/UA identification schema",
    "http://www.aiim.org/pdfua/ns/id/",
    "pdfuaid",
    {"part": Said("1", "Part of ISO 14289", "Integer", "internal")},
)


def with_schemas(metadata: bytes, schemas: Sequence[Schema]) -> bytes:
    """The RDF of a document with these schemas described and filled in."""
    rdf = fromstring(metadata)  # noqa: S314 - made a moment ago by the library that writes the PDF
    for schema in schemas:
        register_namespace(schema.prefix, schema.namespace)
        about = _description(rdf)
        for name, said in schema.properties.items():
            SubElement(about, f"{{{schema.namespace}}}{name}").text = said.value
    bag = SubElement(SubElement(_description(rdf), f"{{{EXTENSION}}}schemas"), f"{{{RDF}}}Bag")
    for schema in schemas:
        _describe(bag, schema)
    written: bytes = tostring(rdf, encoding="utf-8")
    return written


def _describe(bag: Element, schema: Schema) -> None:
    row = _resource(bag)
    SubElement(row, f"{{{SCHEMA}}}schema").text = schema.name
    SubElement(row, f"{{{SCHEMA}}}namespaceURI").text = schema.namespace
    SubElement(row, f"{{{SCHEMA}}}prefix").text = schema.prefix
    properties = SubElement(SubElement(row, f"{{{SCHEMA}}}property"), f"{{{RDF}}}Seq")
    for name, said in schema.properties.items():
        entry = _resource(properties)
        facts = {"name": name, "valueType": said.type, "category": said.category, "description": said.meaning}
        for key, value in facts.items():
            SubElement(entry, f"{{{PROPERTY}}}{key}").text = value


def _description(rdf: Element) -> Element:
    return SubElement(rdf, f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})


def _resource(parent: Element) -> Element:
    return SubElement(parent, f"{{{RDF}}}li", {f"{{{RDF}}}parseType": "Resource"})
