"""The wordings that come with the product, used until somebody writes their own."""

from functools import cache
from pathlib import Path

from messaging.rendering import Wording

FOLDER = Path(__file__).with_name("wordings")
HTML_STARTS = "\n---\n"


@cache
def shipped_wording(kind: str, language: str) -> Wording | None:
    """Our wording for a kind of message in a language; None where there is none."""
    path = FOLDER / f"{kind}.{language}.txt"
    if path.parent != FOLDER or not path.exists():
        return None
    head, _, html = path.read_text(encoding="utf-8").partition(HTML_STARTS)
    subject, _, text = head.partition("\n\n")
    return Wording(subject.removeprefix("Subject: ").strip(), text.strip() + "\n", html.strip() + "\n")


def shipped_languages(kind: str) -> list[str]:
    """Languages in which we have a wording for a kind of message."""
    return sorted(path.name.split(".")[1] for path in FOLDER.glob(f"{kind}.*.txt"))
