"""Every real file of the collection, of every format: read as it says, or refused with a sentence that names it."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from cashapp.statements import ReadFile, StatementRefused, read_file
from cashapp.statements.document import statement_document
from tests.cashapp.statements.every_file import EXPECTED, Read
from tests.shared import shared_path

FOLDERS = ("bai2", "camt", "csv", "mt940", "ofx", "psp", "qif")
NOT_STATEMENTS = ("csv/bank2ynab__bank2ynab.conf",)


def read(path: str) -> ReadFile:
    return read_file(shared_path(f"data/bank/{path}").read_bytes(), path.rpartition("/")[2])


def told(file: ReadFile) -> Read:
    """What was read, in the words of the table."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    lines = [line for statement in file.statements for line in statement.lines]
    for line in lines:
        sums[line.currency] += line.amount
    total = " ".join(f"{amount.normalize():f} {currency}".strip() for currency, amount in sorted(sums.items()))
    return Read(len(file.statements), len(lines), total, file.guessed)


def test_no_file_of_the_collection_is_left_out() -> None:
    bank: Path = shared_path("data/bank")
    files = {
        f"{folder}/{path.name}"
        for folder in FOLDERS
        for path in (bank / folder).iterdir()
        if path.is_file() and ".expected" not in path.name
    }

    assert files - set(NOT_STATEMENTS) == EXPECTED.keys()


@pytest.mark.parametrize(("path", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_each_file_is_read_as_it_says_or_refused_with_the_place(path: str, expected: Read | str) -> None:
    if isinstance(expected, Read):
        file = read(path)
        assert told(file) == expected
        assert [statement_document(each)["format"] for each in file.statements]
        return
    with pytest.raises(StatementRefused) as refused:
        read(path)
    assert path.rpartition("/")[2] in refused.value.message
    assert expected in refused.value.message
