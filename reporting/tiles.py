"""The figures of the home page in words: what the strip of key figures says, and what each of them opens. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from core.words import amount_in_words, rounded
from reporting.models import MeasureLimit
from reporting.queries.dashboard import KeyFigures

Link = Callable[..., str]
WARN_FROM = Decimal(80)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Tile:
    """One figure of the strip."""

    label: str
    value: str
    note: str
    href: str
    tone: str = ""
    share: Decimal | None = None


def tiles_of(figures: KeyFigures, link: Link) -> list[Tile]:
    """All tiles. `link(url_name, **query)` makes an address that keeps the date."""
    items = "reporting:ageing_items"
    return [
        _receivables(figures, link("reporting:ageing")),
        Tile(
            "Overdue",
            _short(figures, figures.overdue),
            f"{rounded(figures.overdue_share, 0)}% of what is owed",
            link(items, part="overdue"),
            "bad" if figures.overdue_share > 50 else "",
        ),
        _over_31(figures, link(items, part="over_31")),
        _dso(figures, link("reporting:dso")),
        _unapplied(figures, link(items, part="unapplied")),
    ]


def _short(figures: KeyFigures, amount: Decimal) -> str:
    return amount_in_words(amount, figures.entity.currency, decimals=False)


def _receivables(figures: KeyFigures, href: str) -> Tile:
    items = sum(row.open_items for row in figures.totals)
    return Tile("Receivables", _short(figures, figures.receivables), f"{items:,} open invoices", href)


def _over_31(figures: KeyFigures, href: str) -> Tile:
    share, limit = figures.over_31_share, figures.limits[MeasureLimit.Measure.OVER_31_DAYS]
    tone = "bad" if share > HUNDRED else "warn" if share > WARN_FROM else "ok"
    note = f"limit {_short(figures, limit)}"
    return Tile("Overdue 31 days and more", _short(figures, figures.over_31_days), note, href, tone, share)


def _dso(figures: KeyFigures, href: str) -> Tile:
    limit, best = figures.limits[MeasureLimit.Measure.DAYS_SALES_OUTSTANDING], figures.best_dso.days
    days = figures.dso.days
    if days is None:
        return Tile("DSO, count-back", "–", figures.dso.reason, href)
    words = f"target {rounded(limit, 0)}" + (f", best possible {rounded(best, 1)}" if best is not None else "")
    return Tile("DSO, count-back", f"{rounded(days, 1)} d", words, href, "bad" if days > limit else "ok")


def _unapplied(figures: KeyFigures, href: str) -> Tile:
    note = f"and {_short(figures, figures.unidentified)} unidentified" if figures.unidentified else "none unidentified"
    return Tile("Unapplied cash", _short(figures, figures.unapplied), note, href)
