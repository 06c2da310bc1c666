"""XML from strangers: no entities, no document types, no network, no endless trees."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from cashapp.statements.model import StatementRefused

Element = etree._Element


@dataclass(frozen=True, slots=True)
class XmlFile:
    """A parsed file whose elements go by their local names; `namespace` is the root's."""

    root: Element
    namespace: str


def parse_xml(content: bytes, name: str) -> XmlFile:
    """The tree, or a refusal that names the line."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise StatementRefused(
            f"{name} is not complete XML ({_reason(error)}). Download the file again; do not edit it."
        ) from error
    if root is None:
        raise StatementRefused(f"{name} holds no XML element. Download the file again.")
    if root.getroottree().docinfo.internalDTD is not None:
        raise StatementRefused(f"{name} declares a document type (DTD). Bank statements have none, so it is not read.")
    namespace = etree.QName(root).namespace or ""
    for element in root.iter("{*}*"):
        element.tag = etree.QName(element).localname
    return XmlFile(root, namespace)


def _reason(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f"it breaks off or is damaged at line {line}" if line else "its encoding is not what it says"


def children(element: Element | None, path: str) -> Iterator[Element]:
    """Every element at the end of a path such as `Acct/Id/IBAN`."""
    return iter(()) if element is None else element.iterfind(path)


def child(element: Element | None, *paths: str) -> Element | None:
    """The first element found along the paths, tried in order."""
    if element is None:
        return None
    for path in paths:
        found = element.find(path)
        if found is not None:
            return found
    return None


def text_of(element: Element | None, *paths: str) -> str:
    """The trimmed text at the first path that has any."""
    if element is None:
        return ""
    for path in paths:
        for found in element.iterfind(path):
            if found.text and (text := found.text.strip()):
                return text
    return ""
