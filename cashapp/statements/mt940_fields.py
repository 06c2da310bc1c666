"""An MT940 or MT942 text cut into its tagged fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Only these tags cut the text: a details line may begin with “:12:11” and still be details.
TAG = re.compile(r"(?m)^:\n?(NS|940|13[CD]?|20|21|25P?|28C?|34F|60[FM]?|61|62[FM]?|64|65|86|90[CD]):")
MESSAGE_END = re.compile(r"(?m)^(?:-\}?|-\}.*|\{.*)$")
TRANSPORT_MARKS = {code: None for code in (*range(9), 11, 12, *range(14, 32), 0xFEFF)}
STARTS_MESSAGE = frozenset({"20", "940"})


@dataclass(frozen=True, slots=True)
class TaggedField:
    """One field: its tag, its text with line breaks, and the line where it starts."""

    tag: str
    value: str
    line_number: int

    @property
    def first_line(self) -> str:
        """The text up to the first line break, trimmed."""
        return self.value.partition("\n")[0].strip()


def tagged_fields(text: str) -> Iterator[TaggedField]:
    """Every known field in order, freed of transport marks, headers and trailers."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n").translate(TRANSPORT_MARKS)
    found = list(TAG.finditer(clean))
    line_number, counted = 1, 0
    for position, tag in enumerate(found):
        line_number += clean.count("\n", counted, tag.start())
        counted = tag.start()
        following = found[position + 1] if position + 1 < len(found) else None
        value = clean[tag.end() : following.start() if following else len(clean)]
        if following is None or following[1] in STARTS_MESSAGE:
            value = _without_trailer(value)
        yield TaggedField(tag[1], value.rstrip("\n"), line_number)


def _without_trailer(value: str) -> str:
    """A lone hyphen ends the message, but only where the next message or nothing follows."""
    end = MESSAGE_END.search(value)
    return value[: end.start()] if end else value
