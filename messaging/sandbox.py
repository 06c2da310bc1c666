"""Templates that people edit, rendered where they can do no harm.

An engine of Django's own template language without loaders, libraries and settings: no include, extends, load or url,
no filter that marks text as safe or makes it huge. It sees plain text, numbers and lists of them, never an object.
A word that nobody gave a value is an error and not an empty space in a letter.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.template import Context, Engine, TemplateSyntaxError, VariableDoesNotExist
from django.template.base import NodeList
from django.template.base import Template as Wording
from django.template.defaulttags import ForNode

from core.errors import Refused

MARKS = ("\ue000", "\ue001")
MISSING = f"{MARKS[0]}%s{MARKS[1]}"
LONGEST_SUBJECT = 150
LONGEST_RENDERED = 200_000


class WordingRefused(Refused):
    """The wording can't be rendered: a word without a value, an unknown tag, or far too long."""

    code = "wording_refused"


class SandboxEngine(Engine):
    """Knows the tags and filters of `messaging.wording_tags` and nothing else."""

    default_builtins: ClassVar[list[str]] = ["messaging.wording_tags"]


PLAIN = SandboxEngine(autoescape=False, string_if_invalid=MISSING, debug=False)
ESCAPING = SandboxEngine(autoescape=True, string_if_invalid=MISSING, debug=False)


def one_line(text: str) -> str:
    """A subject is one line of printable letters, whatever was put into it."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(printable.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def render_plain(wording: str, values: Mapping[str, Any]) -> str:
    """Render a subject or a text."""
    return _render(PLAIN, wording, values)


def render_html(wording: str, values: Mapping[str, Any]) -> str:
    """Render HTML: every value is escaped."""
    return _render(ESCAPING, wording, values)


def _render(engine: Engine, wording: str, values: Mapping[str, Any]) -> str:
    try:
        template = engine.from_string(wording)
        _refuse_nested_loops(template)
        rendered = template.render(Context(dict(values), autoescape=engine.autoescape))
    except (TemplateSyntaxError, VariableDoesNotExist) as error:
        raise WordingRefused(f"The wording can't be read: {error}.") from None
    _refuse_missing(rendered)
    if len(rendered) > LONGEST_RENDERED:
        raise WordingRefused(f"The message would have {len(rendered):,} letters; {LONGEST_RENDERED:,} are allowed.")
    return rendered


def _refuse_nested_loops(template: Wording) -> None:
    loops: Any = template.nodelist.get_nodes_by_type(ForNode)
    for loop in loops:
        inside: NodeList = loop.nodelist_loop
        if inside.get_nodes_by_type(ForNode):
            raise WordingRefused("A loop inside a loop is not allowed in a wording.")


def _refuse_missing(rendered: str) -> None:
    begin, end = MARKS
    if begin in rendered:
        word = rendered.partition(begin)[2].partition(end)[0]
        raise WordingRefused(f"The wording uses “{word}”, and messages of this kind have no such value.")
