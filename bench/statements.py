"""Reading bank statements: 100,000 lines of CAMT and of MT940, beside the bare reading of the same bytes.

CAMT is held beside expat going through the same XML with empty handlers, MT940 beside decoding the text and cutting it
at its tags: nobody who looks at every sign in Python does less.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from xml.parsers import expat

from bench.measures import Measure, best_of
from cashapp.statements import read_file

LINES = 100_000
TIMES = 1
MOST_TIMES_CAMT, MOST_TIMES_MT940 = 20, 90
ENTRY = (
    '<Ntry><Amt Ccy="GBP">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
    "<BookgDt><Dt>2026-05-12</Dt></BookgDt><ValDt><Dt>2026-05-12</Dt></ValDt><AcctSvcrRef>BR-{number}</AcctSvcrRef>"
    "<NtryDtls><TxDtls><Refs><EndToEndId>E2E-{number}</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>Payer {number} Ltd"
    "</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>INV-{number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)
CAMT = (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
    "<BkToCstmrStmt><Stmt><Id>S-1</Id><Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id><Ccy>GBP</Ccy></Acct>"
    "{entries}</Stmt></BkToCstmrStmt></Document>"
)
LINE = (
    ":61:2605120512C{amount}NTRFNONREF//BR-{number}\n:86:/EREF/E2E-{number}/NAME/Payer {number} Ltd/REMI/INV-{number}\n"
)
TAG = re.compile(r"^:(\d\d[A-Z]?):", re.MULTILINE)


def measure_statements() -> Iterator[Measure]:
    """Lines a second of each format."""
    camt, mt940 = camt_file(LINES), mt940_file(LINES)
    yield _measure("read 100,000 lines of CAMT", camt, lambda: through_expat(camt), "expat", MOST_TIMES_CAMT)
    yield _measure("read 100,000 lines of MT940", mt940, lambda: through_tags(mt940), "cut at tags", MOST_TIMES_MT940)


def _measure(work: str, content: bytes, bare: Callable[[], object], beside: str, most: int) -> Measure:
    ours = best_of(TIMES, lambda: _read(content))
    limit = best_of(TIMES, bare)
    goal = f"≤ {most} × the bare reading"
    return Measure(work, "lines/s", LINES / ours, LINES / limit, beside, goal, ours <= most * limit)


def _read(content: bytes) -> None:
    (statement,) = read_file(content, "bench").statements
    if len(statement.lines) != LINES:
        raise AssertionError(f"{len(statement.lines)} lines were read, {LINES} are there.")


def camt_file(lines: int) -> bytes:
    """A statement of so many credits, each with payer and remittance."""
    entries = "".join(ENTRY.format(number=number, amount=_amount(number)) for number in range(lines))
    return CAMT.format(entries=entries).encode()


def mt940_file(lines: int) -> bytes:
    """The same credits as SWIFT writes them, with balances that agree."""
    moved = sum((_amount(number) for number in range(lines)), Decimal(0))
    body = "".join(LINE.format(number=number, amount=_swift(_amount(number))) for number in range(lines))
    head = ":20:S1\n:25:GB33BUKB20201555555555\n:28C:1/1\n:60F:C260511GBP0,00\n"
    return f"{head}{body}:62F:C260512GBP{_swift(moved)}\n-\n".encode()


def through_expat(content: bytes) -> None:
    """Every element and text handed to a handler that does nothing."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: None
    parser.EndElementHandler = lambda name: None
    parser.CharacterDataHandler = lambda text: None
    parser.Parse(content, True)


def through_tags(content: bytes) -> list[str]:
    """The text in pieces, one for each tag."""
    return TAG.split(content.decode())


def _amount(number: int) -> Decimal:
    return Decimal(100_00 + number % 9_000_00).scaleb(-2)


def _swift(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
