"""What somebody with bad intentions types in stays text: on every page, in every workbook and on every paper.

Everything that the other rooms refuse is tested beside the action that refuses it. Here the whole house is walked: an
object behind every address, hostile text in every field that people fill in.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from html.parser import HTMLParser
from importlib import import_module
from io import BytesIO
from pkgutil import iter_modules
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core.models import LegalEntity, User
from core.roles import GRANTABLE
from tests.house import scoped
from tests.house.scoped import Addresses, Stage, all_addresses
from tests.house.site import WORDS, inside

HTML = "'\"><b onclick=x()>"
FORMULA = "=cmd|x!A1"
PAPERS = ("pdf", "xlsx")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULAS = re.compile(r"<f[ >](.*?)</f>", re.DOTALL)


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what would run."""

    def __init__(self) -> None:
        super().__init__()
        self.script = False
        self.runs: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.script = tag == "script"
        self.runs += [f"<{tag} {name}={value}>" for name, value in attributes if name.startswith("on")]
        self.runs += [f"<{tag} {name}={value}>" for name, value in attributes if (value or "").startswith("javascript")]

    def handle_endtag(self, tag: str) -> None:
        self.script = False

    def handle_data(self, text: str) -> None:
        if self.script and HTML in text:
            self.runs.append(text)


def what_runs(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    return reader.runs


@pytest.mark.parametrize("page", ['<p title="{}">', "<p title='{}'>", "<p>{}</p>", "<script>let x = `{}`</script>"])
def test_a_page_that_does_not_escape_would_be_noticed(page: str) -> None:
    assert what_runs(page.format(HTML))
    assert not what_runs("<p title='a'>b</p><script>let y = 1</script>" + escape(HTML))


@pytest.fixture
def stage(uk: LegalEntity, system: User, clerk: User, manager: User) -> Stage:
    return Stage(uk, system, clerk, manager)


@pytest.fixture
def filled_with(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Addresses]:
    """The house with one object behind every address, all of whose texts are the given one."""

    def fill(text: str) -> Addresses:
        rooms = [import_module(f"{scoped.__name__}.{room.name}") for room in iter_modules(scoped.__path__)]
        for module in rooms:
            monkeypatch.setattr(module, "MARKER", text, raising=False)
        return {**all_addresses(stage), **WORDS}

    return fill


@pytest.fixture
def dora(person: Callable[..., User], uk: LegalEntity) -> Client:
    """Somebody who sees every page; no real person could hold these roles together."""
    client = Client()
    roles = [role for role, _ in GRANTABLE]
    client.force_login(person("Dora", uk, *roles), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def answers(dora: Client, addresses: Addresses, query: dict[str, str], end: str = "") -> Iterator[tuple[str, Any]]:
    """What every address, or every one with that end to its path, gives to whoever only looks."""
    for address in inside():
        if address.keys and address.name not in addresses:
            continue
        url = reverse(address.name, kwargs=addresses.get(address.name, {}))
        if not url.removesuffix("/").endswith(end) or (not end and url.removesuffix("/").endswith(PAPERS)):
            continue
        answer = dora.get(url, query)
        if answer.status_code == 200:
            yield address.name, answer


def bytes_of(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else bytes(answer.content)


@pytest.mark.parametrize(
    "query", [{"view": "all"}, {"q": HTML, "as_at": HTML, "next": HTML}], ids=["seen", "asked for"]
)
def test_html_in_every_text_field_is_shown_and_never_run(
    query: dict[str, str], filled_with: Callable[[str], Addresses], dora: Client
) -> None:
    running, shown = [], set()
    for name, answer in answers(dora, filled_with(HTML), query):
        if answer["Content-Type"].startswith("text/html"):
            page = bytes_of(answer).decode()
            running += [f"{name}: {found}" for found in what_runs(page)]
            shown |= {name} if "&lt;b onclick=x()&gt;" in page else set()
    assert running == []
    assert len(shown) >= 20, sorted(shown)


def test_html_in_every_text_field_is_printed_on_papers_as_it_was_typed(
    filled_with: Callable[[str], Addresses], dora: Client
) -> None:
    papers = {}
    for name, answer in answers(dora, filled_with(HTML), {}, "pdf"):
        pages = PdfReader(BytesIO(bytes_of(answer))).pages
        papers[name] = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert {"invoicing:invoice_pdf", "invoicing:credit_note_pdf", "collections:statement_pdf"} <= papers.keys()
    assert [name for name, text in papers.items() if "<b onclick=x()>" not in text] == []


@pytest.mark.parametrize(("query", "end"), [({}, "xlsx"), ({"format": "xlsx", "view": "all"}, "")])
def test_formula_like_text_is_text_in_every_workbook(
    query: dict[str, str], end: str, filled_with: Callable[[str], Addresses], dora: Client
) -> None:
    workbooks, holding, formulas = set(), set(), []
    for name, answer in answers(dora, filled_with(FORMULA), query, end):
        if answer["Content-Type"] != WORKBOOK:
            continue
        archive = ZipFile(BytesIO(bytes_of(answer)))
        parts = [archive.read(each).decode() for each in archive.namelist() if each.endswith(".xml")]
        formulas += [f"{name}: {found}" for part in parts for found in FORMULAS.findall(part) if "cmd" in found]
        workbooks |= {name}
        holding |= {name} if any(FORMULA in part for part in parts) else set()
    assert formulas == []
    assert len(workbooks) >= 3, workbooks
    assert holding, "no workbook holds the text that it was to be tried with"
