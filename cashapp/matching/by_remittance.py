"""What the payer's remittance says that the money is for.

It posts by itself when nothing is left to ask: every document that it names is open, in the line's currency and one
customer's, or of customers for whom the payer was declared to pay; the payer doesn't contradict it, each document is
paid in full or less what the remittance explains, and all of it comes to the money. Everything else is proposed with
the reason why.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cashapp.matching.case import Case
from cashapp.matching.facts import KeptBack, OpenDocument, Side, StatedPart, StatedRemittance
from cashapp.matching.index import OpenIndex
from cashapp.matching.payers import Certainty
from cashapp.matching.proposals import (
    Applied,
    Decision,
    Evidence,
    MatchProposal,
    MatchRule,
    Sureness,
    in_another_currency,
)
from cashapp.matching.reading import CLEAR_DIGITS
from cashapp.matching.text import compact

MOST_DOUBTS = 3


@dataclass(slots=True)
class Sheet:
    """The remittance beside what is open, while it is worked out. A doubt keeps the line for a person."""

    case: Case
    told: StatedRemittance
    applied: list[Applied] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    settled: list[OpenDocument] = field(default_factory=list)
    has_told_amounts: bool = True
    """False where a document is named without its amount, so that the open amount is meant."""

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.applied)

    @property
    def customers(self) -> set[int]:
        return {each.document.customer_id for each in self.applied}

    @property
    def is_for_a_group(self) -> bool:
        """Several customers for whom the payer was declared to pay, each of whom it pays something."""
        owed = Counter[int]()
        for each in self.applied:
            owed[each.document.customer_id] += each.amount
        return 1 < len(owed) and self.customers <= self.case.declared and min(owed.values()) > 0


def as_remitted(case: Case) -> MatchProposal | None:
    """The documents that the remittance names, each with what it says to pay and to keep back."""
    sheet = _sheet_of(case)
    if sheet is None:
        return None
    if not sheet.applied:
        return _paid_before(sheet)
    _look_for_doubts(sheet)
    if (len(sheet.customers) > 1 and not sheet.is_for_a_group) or sheet.total > case.amount:
        _keep_within_the_money(sheet)
    return _answer(sheet)


def _sheet_of(case: Case) -> Sheet | None:
    told = case.line.remittance
    if told is None or not told.parts:
        return None
    sheet = Sheet(case, told)
    for part in told.parts:
        _read_part(sheet, part)
    return sheet


def _paid_before(sheet: Sheet) -> MatchProposal | None:
    """All that it names is settled: the money waits on account, or for a person where the payer is not certain."""
    payer = sheet.case.payer
    if not sheet.settled or not payer.is_known:
        return None
    is_certain = payer.certainty is Certainty.CERTAIN and len(sheet.settled) == len(sheet.told.parts)
    return MatchProposal(
        line_id=sheet.case.line.id,
        decision=Decision.ON_ACCOUNT if is_certain else Decision.PROPOSED,
        rule=MatchRule.ALREADY_SETTLED,
        customer_id=payer.customer_id,
        left=sheet.case.amount,
        evidence=(_head(sheet), *payer.evidence, *(Evidence("doubt", each) for each in sheet.doubts)),
        sureness=Sureness.SURE if is_certain else Sureness.FAIR,
    )


def held_back(case: Case, proposal: MatchProposal) -> MatchProposal:
    """A remittance that names no document of ours: what only the amount says is left to a person."""
    if case.line.remittance is None or proposal.rule in (MatchRule.REMITTANCE, MatchRule.ALREADY_SETTLED):
        return proposal
    evidence = (*proposal.evidence, *without_documents(case))
    if proposal.decision is not Decision.POSTED:
        return replace(proposal, evidence=evidence)
    return replace(proposal, decision=Decision.PROPOSED, evidence=evidence, sureness=Sureness.GOOD)


def without_documents(case: Case) -> tuple[Evidence, ...]:
    """The doubt that a remittance raises where it explains nothing."""
    told = case.line.remittance
    if told is None:
        return ()
    sheet = _sheet_of(case)
    says = "; ".join(sheet.doubts[:MOST_DOUBTS]) if sheet and sheet.doubts else "names no document"
    payer = f" of {told.payer}" if told.payer else ""
    return (Evidence("doubt", f"Remittance {told.label}{payer}: {says}"),)


# Reading the lines ---------------------------------------------------------------------------------------------------


def _read_part(sheet: Sheet, part: StatedPart) -> None:
    documents = _documents_of(sheet.case, part)
    name = part.number or part.purchase_order
    if not documents:
        sheet.doubts.append(f"{name} is no document of ours" if name else "A line names no document")
    elif len(documents) > 1 and not part.number:
        _read_order(sheet, part, documents)
    elif len(documents) > 1:
        sheet.doubts.append(f"{name} may mean {len(documents)} documents")
    else:
        _apply(sheet, part, documents[0])


def _documents_of(case: Case, part: StatedPart) -> list[OpenDocument]:
    """By the document that was recognised before, else by number, else by purchase order; open ones before others."""
    index = case.index
    if part.document_id is not None and (known := index.known(part.document_id)):
        return [known]
    found = _by_number(index, part.number) if part.number else []
    if not found and part.purchase_order and not part.number:
        found = index.by_purchase_order.get(compact(part.purchase_order), [])
    return _narrowed(case, found)


def _by_number(index: OpenIndex, number: str) -> list[OpenDocument]:
    whole = compact(number)
    found = index.by_whole.get(whole) or index.by_reference.get(whole)
    if not found and whole.isdigit() and len(whole) >= CLEAR_DIGITS:
        found = index.by_digits.get(whole)
    return found or []


def _narrowed(case: Case, found: Sequence[OpenDocument]) -> list[OpenDocument]:
    """Of documents that share a number, those of the payer, and those that are open."""
    allowed = {member for customer in case.payer.customers for member in case.index.family_of(customer)}
    own = [each for each in found if each.customer_id in allowed] or list(found)
    return [each for each in own if each.open] or own


def _read_order(sheet: Sheet, part: StatedPart, documents: Sequence[OpenDocument]) -> None:
    """A purchase order with several documents: the one that the amount tells, or all of them."""
    wanted = sheet.case.amount if part.paid is None and len(sheet.told.parts) == 1 else part.paid
    fitting = [each for each in documents if each.owed == wanted]
    if len(fitting) == 1:
        _apply(sheet, part, fitting[0])
    elif wanted is not None and not fitting and sum(each.owed for each in documents) == wanted:
        for each in documents:
            _apply(sheet, replace(part, paid=each.owed, gross=None), each)
    else:
        sheet.doubts.append(f"{part.purchase_order} may mean {len(documents)} documents")


def _apply(sheet: Sheet, part: StatedPart, document: OpenDocument) -> None:
    line = sheet.case.line
    if not document.open:
        sheet.settled.append(document)
        sheet.doubts.append(f"{document.number} is already settled")
        return
    if document.currency != line.currency:
        sheet.doubts.append(in_another_currency(document))
        return
    if document.document_on > line.booked_on:
        sheet.doubts.append(f"{document.number} is dated after the money came")
    net = _net_of(sheet, part, document)
    if net == 0 or (net > 0) != (document.owed > 0):
        sheet.doubts.append(f"{document.number} cannot take what the remittance says")
        return
    if abs(net) > document.open:
        sheet.doubts.append(f"{document.number} has less open than the remittance pays")
        net = document.owed
    sheet.applied.append(Applied(document, net, _kept_of(sheet, part, document, net)))
    sheet.evidence.append(Evidence("number", f"Named in remittance {sheet.told.label}", document.id))


def _net_of(sheet: Sheet, part: StatedPart, document: OpenDocument) -> int:
    """What is paid on the document: as told, else what is open less what is kept back."""
    kept = sum(each.amount for each in part.kept)
    if part.paid is not None:
        return part.paid
    if part.gross is not None:
        return part.gross - kept
    sheet.has_told_amounts = False
    return document.owed - kept


def _kept_of(sheet: Sheet, part: StatedPart, document: OpenDocument, net: int) -> tuple[KeptBack, ...]:
    """What is kept back counts only where it makes up what stays open; else a person looks at it."""
    if document.side is Side.CREDIT:
        return ()
    if part.gross is not None and part.gross not in (document.open, document.amount):
        sheet.doubts.append(f"{document.number} has another amount than the remittance says")
    short, kept = document.owed - net, sum(each.amount for each in part.kept)
    if not part.kept or short == kept:
        return part.kept
    sheet.doubts.append(f"What is kept back of {document.number} does not explain what is missing")
    return part.kept if 0 < kept < short else ()


# Looking for doubts --------------------------------------------------------------------------------------------------


def _look_for_doubts(sheet: Sheet) -> None:
    twice = [item for item, times in Counter(each.document.number for each in sheet.applied).items() if times > 1]
    sheet.doubts += [f"{number} is named twice" for number in twice]
    if twice:
        sheet.applied = list({each.document.id: each for each in sheet.applied}.values())
    sheet.doubts += _doubts_of_payer(sheet)
    sheet.doubts += _doubts_of_sum(sheet)


def _doubts_of_payer(sheet: Sheet) -> Iterator[str]:
    if len(sheet.customers) > 1 and not sheet.is_for_a_group:
        yield "The documents belong to several customers"
    payer, index = sheet.case.payer, sheet.case.index
    if payer.disagrees:
        yield "The payer looks like two customers"
    elif payer.certainty >= Certainty.STRONG:
        allowed = {member for customer in payer.customers for member in index.family_of(customer)}
        if not sheet.customers <= allowed:
            yield "The payer looks like another customer"


def _doubts_of_sum(sheet: Sheet) -> Iterator[str]:
    amount, told = sheet.case.amount, sheet.told
    if told.total is not None and told.total != amount:
        yield "The remittance is about another sum than the bank"
    if sheet.total > amount:
        yield "The documents come to more than the money"
    elif sheet.total < amount and sheet.has_told_amounts:
        yield "The lines of the remittance come to less than the money"
    elif sheet.total < amount:
        yield from _doubts_of_rest(sheet, amount - sheet.total)


def _doubts_of_rest(sheet: Sheet, rest: int) -> Iterator[str]:
    """More was paid than is open: it waits on account, unless it may be meant for something else."""
    line, known = sheet.case.line, {each.document.id for each in sheet.applied}
    if not sheet.case.payer.is_known:
        yield "More came than is open, and only the remittance tells who paid"
    for customer in sheet.customers:
        for other in sheet.case.index.open_of(customer, line.currency, line.booked_on):
            if other.id not in known and other.owed in (rest, sheet.case.amount):
                yield f"What is over may be for {other.number}"
                return


def _keep_within_the_money(sheet: Sheet) -> None:
    """A proposal pays the documents of one customer, in the order of the remittance, as far as the money goes."""
    customer = sheet.applied[0].document.customer_id
    own = [each for each in sheet.applied if each.document.customer_id == customer]
    left = sheet.case.amount - sum(each.amount for each in own if each.amount < 0)
    kept: list[Applied] = []
    for each in own:
        amount = min(each.amount, left) if each.amount > 0 else each.amount
        left -= max(amount, 0)
        if amount:
            kept.append(each if amount == each.amount else Applied(each.document, amount))
    sheet.applied = kept


def _head(sheet: Sheet) -> Evidence:
    tied = f", tied by {sheet.told.tied_by}" if sheet.told.tied_by else ""
    return Evidence("remittance", f"Remittance {sheet.told.label}{tied}")


def _answer(sheet: Sheet) -> MatchProposal:
    case = sheet.case
    rest = case.amount - sheet.total
    amount = "Its lines come to the money" if not rest else "More than is open; the rest stays on account"
    words = [Evidence("amount", amount)] if rest >= 0 and not sheet.doubts else []
    doubts = [Evidence("doubt", each) for each in sheet.doubts]
    return MatchProposal(
        line_id=case.line.id,
        decision=Decision.PROPOSED if sheet.doubts else Decision.POSTED,
        rule=MatchRule.REMITTANCE,
        customer_id=sheet.applied[0].document.customer_id,
        applied=tuple(sheet.applied),
        left=rest,
        evidence=(_head(sheet), *case.payer.evidence, *sheet.evidence, *words, *doubts),
        sureness=Sureness.GOOD if sheet.doubts else Sureness.SURE,
    )
