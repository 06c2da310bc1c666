"""OFX tags as a tree, for version 1 (SGML, whose values are never closed) and version 2 (XML) alike.

Nothing is ever resolved: five named signs and numbered ones are all that a value may hold, so there is no entity to
abuse. A tag is a group if it is one that statements are made of; else it is a value of the group that is open.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cashapp.statements.model import StatementRefused
from cashapp.statements.values import squeeze

TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w.]{0,60})\s*(?P<empty>/?)>(?P<value>[^<]*)")
DOCUMENT_TYPE = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
SIGN = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#\d{1,6});")
SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
GROUPS = frozenset(
    "OFX SIGNONMSGSRSV1 SONRS STATUS FI BANKMSGSRSV1 STMTTRNRS STMTRS BANKACCTFROM BANKTRANLIST BANKTRANLISTP STMTTRN "
    "STMTTRNP PAYEE BANKACCTTO CCACCTTO CURRENCY ORIGCURRENCY LEDGERBAL AVAILBAL CREDITCARDMSGSRSV1 CCSTMTTRNRS "
    "CCSTMTRS CCACCTFROM BALLIST BAL INVSTMTMSGSRSV1 INVSTMTTRNRS INVSTMTRS".split()
)
DEEPEST = 30


@dataclass(slots=True)
class Group:
    """A group of tags with the line where it begins; of a value given twice the first that is not empty counts."""

    name: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    groups: list["Group"] = field(default_factory=list)

    def each(self, *names: str) -> Iterator["Group"]:
        """The groups of these names, however deep."""
        for group in self.groups:
            if group.name in names:
                yield group
            else:
                yield from group.each(*names)

    def first(self, *names: str) -> "Group | None":
        """The first group of one of these names."""
        return next(self.each(*names), None)

    def text(self, *names: str) -> str:
        """The first value of these names, directly inside, that is not empty."""
        return next((told for name in names if (told := self.values.get(name))), "")


def read_tags(text: str, name: str) -> Group:
    """The tree under `<OFX>`; a file that breaks off is refused with the group that stays open."""
    if DOCUMENT_TYPE.search(text):
        raise StatementRefused(f"{name} declares a document type (DTD). Bank statements have none, so it is not read.")
    plain = text
    for begin, end in (("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>")):
        plain = _without(plain, begin, end)
    top = Group("", 1)
    open_groups = [top]
    line, seen = 1, 0
    for found in TAG.finditer(plain):
        line += plain.count("\n", seen, found.start())
        seen = found.start()
        _take(found, line, open_groups, name)
    if len(open_groups) > 1:
        last = open_groups[-1]
        raise StatementRefused(
            f"{name} breaks off: <{last.name}> of line {last.line} is never closed. Download the file again."
        )
    return top


def _without(text: str, begin: str, end: str) -> str:
    """The text without comments and instructions, its lines still counted; what CDATA holds becomes plain words."""
    parts: list[str] = []
    at = 0
    while (start := text.find(begin, at)) >= 0:
        stop = text.find(end, start + len(begin))
        if stop < 0:
            break
        inside = text[start + len(begin) : stop]
        plain = inside.replace("&", "&amp;").replace("<", "&lt;") if begin == "<![CDATA[" else "\n" * inside.count("\n")
        parts += [text[at:start], plain]
        at = stop + len(end)
    return "".join([*parts, text[at:]])


def _take(found: re.Match[str], line: int, open_groups: list[Group], name: str) -> None:
    tag = found["name"].upper()
    if found["end"]:
        _close(tag, open_groups)
    elif tag not in GROUPS:
        values = open_groups[-1].values
        values[tag] = values.get(tag) or squeeze(SIGN.sub(_sign, found["value"]))
    elif len(open_groups) > DEEPEST:
        raise StatementRefused(f"{name}, line {line}: groups are nested without end. This is no bank statement.")
    else:
        group = Group(tag, line)
        open_groups[-1].groups.append(group)
        if not found["empty"]:
            open_groups.append(group)


def _close(name: str, open_groups: list[Group]) -> None:
    """Close the group with all that stayed open in it; an end without a beginning closes nothing."""
    for depth in range(len(open_groups) - 1, 0, -1):
        if open_groups[depth].name == name:
            del open_groups[depth:]
            return


def _sign(found: re.Match[str]) -> str:
    told = found[1]
    if not told.startswith("#"):
        return SIGNS[told]
    number = int(told[1:])
    return chr(number) if 32 <= number < 0x11000 and not 0xD800 <= number < 0xE000 else " "
