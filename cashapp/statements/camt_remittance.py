"""What a CAMT payment says it is for: free text, structured references and the documents it names."""

from collections.abc import Iterable, Iterator

from cashapp.statements.camt_values import Place, date_of, optional_amount
from cashapp.statements.model import RemittanceDocument
from cashapp.statements.safe_xml import Element, child, children, text_of
from cashapp.statements.values import reference, squeeze

BLOCK = 35
REFERENCE_PATHS = ("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef")
REFERENCE_TYPES = ("CdtrRefInf/Tp/CdOrPrtry/Cd", "CdtrRefInf/Tp/CdOrPrtry/Prtry", "CdtrRefInf/CdtrRefTp/Cd")


def join_blocks(blocks: Iterable[str]) -> str:
    """Blocks that are full to the last character continue in the middle of a word; shorter ones end it."""
    joined = ""
    previous = ""
    for block in blocks:
        glue = "" if not previous or len(previous) % BLOCK == 0 else " "
        joined += glue + block
        previous = block
    return squeeze(joined)


def remittance_text(detail: Element) -> str:
    """The payer's own words; where there are none, the additional words of the structured part."""
    written = join_blocks(each.text or "" for each in children(detail, "RmtInf/Ustrd"))
    return written or squeeze(" ".join(each.text or "" for each in children(detail, "RmtInf/Strd/AddtlRmtInf")))


def structured_references(detail: Element) -> Iterator[str]:
    """Every structured creditor reference, as the payer wrote it."""
    for block in children(detail, "RmtInf/Strd"):
        found = reference(text_of(block, *REFERENCE_PATHS))
        if found:
            yield found


def documents_of(detail: Element, place: Place) -> tuple[RemittanceDocument, ...]:
    """The invoices and credit notes that the payer lists, and further creditor references than the first."""
    documents = [
        document for block in children(detail, "RmtInf/Strd") for document in _documents_of_block(block, place)
    ]
    blocks = [block for block in children(detail, "RmtInf/Strd") if text_of(block, *REFERENCE_PATHS)]
    further = (
        RemittanceDocument(kind=text_of(block, *REFERENCE_TYPES), number=text_of(block, *REFERENCE_PATHS))
        for block in blocks[1:]
    )
    return (*documents, *further)


def _documents_of_block(block: Element, place: Place) -> Iterator[RemittanceDocument]:
    amounts = child(block, "RfrdDocAmt")
    documents = list(children(block, "RfrdDocInf"))
    for document in documents:
        told = amounts if len(documents) == 1 else None
        remitted = child(told, "RmtdAmt")
        yield RemittanceDocument(
            kind=text_of(document, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "RfrdDocTp/Cd"),
            number=reference(text_of(document, "Nb", "RfrdDocNb")),
            dated_on=date_of(document, place, "RltdDt/Dt", "RltdDt"),
            due=optional_amount(told, place, "DuePyblAmt"),
            discount=optional_amount(told, place, "DscntApldAmt/Amt", "DscntApldAmt"),
            credited=optional_amount(told, place, "CdtNoteAmt"),
            tax=optional_amount(told, place, "TaxAmt/Amt", "TaxAmt"),
            paid=optional_amount(told, place, "RmtdAmt"),
            currency="" if remitted is None else remitted.get("Ccy", ""),
        )
