"""The records of a BAI2 file, whatever lines they were cut into.

A record ends with a slash, or with its line where its text runs to the end; a line that begins with no record code goes
on with the one before. Some banks put several records on one line, or break one in the middle.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cashapp.statements.model import StatementRefused

CODES = ("01", "02", "03", "16", "49", "88", "98", "99")
CODE = re.compile(r"\s*(\d\d)(?:,|:(?=[A-Z]))")
NEXT_ON_LINE = re.compile(r"/[ \t]{1,20}(?=(?:02|03|16|49|88|98|99),)|[ \t]{2,20}(?=(?:49|98|99),[+-]?\d+,\d+)")
FULL_LINE = 80
MOST = 1_000_000


@dataclass(slots=True)
class Record:
    """One record without its code, and the line where it begins."""

    code: str
    body: str
    line: int
    is_whole: bool = True
    fills_its_line: bool = False

    @property
    def fields(self) -> list[str]:
        """What stands between the commas."""
        return [each.strip() for each in self.body.split(",")]


def records_of(text: str, name: str) -> Iterator[Record]:
    """Every record in its order, continuations (88) too, so that they can be counted."""
    last: Record | None = None
    count = 0
    for number, line in enumerate(text.replace("\x1a", "").splitlines(), 1):
        for part in NEXT_ON_LINE.split(line):
            found = CODE.match(part)
            if found and found[1] in CODES:
                if last:
                    yield last
                last = _record(found[1], part[found.end() :], number, len(line))
                count += 1
            elif part.strip(" /"):
                last = _continued(last, part, number, name)
        if count > MOST:
            raise StatementRefused(f"{name} has more than {MOST:,} records. Ask the bank for one file for each day.")
    if last:
        yield last


def _record(code: str, written: str, line: int, width: int) -> Record:
    bare = written.rstrip()
    whole = bare.endswith("/")
    return Record(code, bare.removesuffix("/"), line, whole, fills_its_line=not whole and width == FULL_LINE)


def _continued(last: Record | None, part: str, number: int, name: str) -> Record:
    """A line without a record code, which only a record that has not ended may have."""
    if last is None or last.is_whole:
        raise StatementRefused(
            f"{name}, line {number}: “{part.strip()[:30]}” begins with no record code of BAI2 ({', '.join(CODES)}). "
            "Download the file again."
        )
    bare = part.rstrip()
    last.body = f"{last.body} {bare.removesuffix('/').strip()}"
    last.is_whole = bare.endswith("/")
    return last
