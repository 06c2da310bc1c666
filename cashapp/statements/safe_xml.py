"""XML from strangers: no entities, no document types, no network, no endless trees."""

from collections.abc import Iterator

from lxml import etree

from cashapp.statements.model import StatementRefused

Element = etree._Element


def parse_xml(content: bytes, name: str) -> Element:
    """The root element, or a refusal that names the line."""
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
    return root


def _reason(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f"it breaks off or is damaged at line {line}" if line else "its encoding is not what it says"


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, path: str) -> Iterator[Element]:
    """Every element at the end of a path of local names, such as `Acct/Id/IBAN`."""
    if element is None:
        return
    head, _, rest = path.partition("/")
    for child in element:
        if local_name(child) == head:
            if rest:
                yield from children(child, rest)
            else:
                yield child


def child(element: Element | None, *paths: str) -> Element | None:
    """The first element found along the paths, tried in order."""
    for path in paths:
        for found in children(element, path):
            return found
    return None


def text_of(element: Element | None, *paths: str) -> str:
    """The trimmed text at the first path that has any."""
    for path in paths:
        for found in children(element, path):
            if found.text and (text := found.text.strip()):
                return text
    return ""
