"""Policies: which screens they may govern, and how their Markdown becomes HTML. No database.

Markdown is CommonMark with tables. HTML in it is shown as text, pictures are left out, and links go to web pages, mail
addresses and pages here only: whoever writes a policy can't make a page do anything.
"""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from core.navigation import SECTIONS, SETTINGS

GOVERNED = frozenset(
    """
    collections:worklist collections:calls collections:promises collections:plans collections:notices
    collections:disputes collections:strategies collections:rules collections:statement_runs
    cashapp:desk cashapp:payments cashapp:bank_days invoicing:credit_notes invoicing:billing invoicing:refunds
    refunds:to_pay directdebit:returns controls:approvals customers:data_quality ledger:periods
    """.split()
)


def screens() -> list[tuple[str, str]]:
    """The screens that a policy may govern, with their names."""
    rooms = (*(room for section in SECTIONS for room in section.rooms), *SETTINGS)
    return [(room.url_name, room.label) for room in rooms if room.url_name in GOVERNED and room.url]


def names_of(chosen: Sequence[str]) -> list[str]:
    """What these screens are called."""
    return [label for name, label in screens() if name in chosen]


def as_html(text: str) -> SafeString:
    """The text as a page shows it."""
    return SafeString(_MARKDOWN.render(text))


def _below_the_title(state: StateCore) -> None:
    """The page's own title is the first heading: those of the text begin at the second and skip no level downwards."""
    level = 1
    for token in state.tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1:]) + 1, level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"


def _leads_away(state: StateCore) -> None:
    """Links tell other sites nothing about us."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "noopener noreferrer")


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
_MARKDOWN.core.ruler.push("below_the_title", _below_the_title)
_MARKDOWN.core.ruler.push("leads_away", _leads_away)
