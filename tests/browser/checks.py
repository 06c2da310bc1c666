"""What must be true of every page: accessible, quiet, and no wider than its window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

WIDTHS = (320, 390, 720, 1024, 1280, 1440, 1920)
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
Rules = dict[str, str | list[str]]
Selector = list[str]
EVERYTHING: Rules = {"type": "tag", "values": list(TAGS)}
COLOURS: Rules = {"type": "rule", "values": ["color-contrast"]}  # all that dark can break and light can't
SCHEMES: tuple[tuple[Literal["dark", "light"], Rules], ...] = (("dark", COLOURS), ("light", EVERYTHING))
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
AXE = Axe().axe_script
VIOLATIONS = "([context, options]) => axe.run(context, options).then((found) => found.violations)"
SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && !one.closest(".tbl-wrap, .chart-box"))
    .slice(0, 5).map((one) => one.outerHTML.slice(0, 120));
}"""


@dataclass
class Complaints:
    """What the browser's console said, Content-Security-Policy reports included."""

    said: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.said.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")


class Watched(Page):
    """A page with its complaints."""

    complaints: Complaints


def watch(page: Page) -> Watched:
    """Listen to a page from now on."""
    complaints = Complaints()
    page.on("console", complaints.hear)
    page.on("pageerror", lambda error: complaints.said.append(f"exception: {error}"))
    page.complaints = complaints  # type: ignore[attr-defined]
    return page  # type: ignore[return-value]


def assert_page_ok(page: Watched, *, widths: tuple[int, ...] = WIDTHS) -> None:
    """axe finds nothing in light and dark, the console is silent, and no width scrolls sideways."""
    findings = page_findings(page, widths)
    assert not findings, "\n".join(findings)


def page_findings(page: Watched, widths: tuple[int, ...] = WIDTHS, leave_out: Sequence[Selector] = ()) -> list[str]:
    """Everything that is wrong with a page, a line each; axe leaves some of it out where that is asked for."""
    findings = []
    for scheme, rules in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(TWO_FRAMES)
        findings += [f"{page.url} in {scheme}: {finding}" for finding in axe_findings(page, rules, leave_out)]
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        findings += [f"{page.url} is wider than {width} px: {wide}" for wide in page.evaluate(SIDEWAYS)]
    page.set_viewport_size({"width": 1440, "height": 900})
    return findings + [f"{page.url}: {said}" for said in page.complaints.said]


def assert_fits(page: Page, widths: tuple[int, ...] = WIDTHS) -> None:
    """Nothing makes the window scroll sideways."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == [], f"{page.url} is wider than {width} px"
    page.set_viewport_size({"width": 1440, "height": 900})


def axe_findings(page: Page, rules: Rules = EVERYTHING, leave_out: Sequence[Selector] = ()) -> list[str]:
    """Each violation with its first elements."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    violations = page.evaluate(VIOLATIONS, [{"exclude": [*leave_out]}, options])
    return [_told(violation) for violation in violations]


def _told(violation: dict[str, Any]) -> str:
    where = [node["html"][:160] + " | " + (node.get("failureSummary") or "")[:200] for node in violation["nodes"][:4]]
    return f"{violation['id']}: {violation['help']} {where}"
