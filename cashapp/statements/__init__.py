"""Bank statement files, read without a database: what the file says, exactly, or a refusal that says why not.

`read_file` is the way in. `recognise` tells the format by content; `camt`, `mt940`, `bai2`, `ofx` and `tabular` read
it, `psp` the settlement files of payment providers; `proof` says whether balances and lines agree; `identity` gives
every line the key by which it is stored once.
"""

from dataclasses import dataclass

from cashapp.statements.bai2 import read_bai2
from cashapp.statements.bank_mappings import bank_mapping_for
from cashapp.statements.camt import read_camt
from cashapp.statements.guess import suggest_mapping
from cashapp.statements.mapping import ColumnMapping
from cashapp.statements.model import Statement, StatementRefused
from cashapp.statements.mt940 import read_mt940
from cashapp.statements.ofx import read_ofx
from cashapp.statements.psp import settlement_reader
from cashapp.statements.recognise import FileFormat, RecognisedFile, recognise
from cashapp.statements.tables import rows_of
from cashapp.statements.tabular import read_table

__all__ = ["ReadFile", "Statement", "StatementRefused", "read_file"]


TEXT_READERS = {FileFormat.MT940: read_mt940, FileFormat.BAI2: read_bai2, FileFormat.OFX: read_ofx}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The statements of a file, and the mapping that was used when it is a table; `guessed` until a person agrees."""

    statements: tuple[Statement, ...]
    mapping: ColumnMapping | None = None
    guessed: bool = False
    doubts: tuple[str, ...] = ()


def read_file(content: bytes, name: str, mapping: ColumnMapping | None = None) -> ReadFile:
    """Read any bank statement file; tables without a mapping are tried with the known banks', then with a guess."""
    file = recognise(content, name, encoding=mapping.encoding if mapping else "")
    if file.format == FileFormat.XML:
        return ReadFile(read_camt(file.content, name))
    if file.format in TEXT_READERS:
        return ReadFile(TEXT_READERS[file.format](file.text, name))
    if mapping:
        return ReadFile(read_table(file, mapping), mapping)
    return _read_unmapped_table(file)


def _read_unmapped_table(file: RecognisedFile) -> ReadFile:
    rows = rows_of(file)
    settlement = settlement_reader(file.name, rows)
    if settlement:
        return ReadFile(settlement())
    known = bank_mapping_for(rows)
    if known:
        return ReadFile(read_table(file, known), known)
    suggestion = suggest_mapping(rows, file.name)
    statements = read_table(file, suggestion.mapping)
    is_sure = file.format == FileFormat.QIF and not suggestion.doubts
    return ReadFile(statements, suggestion.mapping, guessed=not is_sure, doubts=suggestion.doubts)
