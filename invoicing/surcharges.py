"""What a payment by card costs on top. Pure.

The most exact rule decides: a state before its country, then as many named kinds as there are. Percentage and cap are
of what the customer pays, tax included, so that nobody ever pays more than the cap; the tax inside follows the main
supply, in the shares of the invoice's rates.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, Money, round_to_currency, split_money
from invoicing.models import SurchargeRule
from invoicing.surcharge_law import US, Scope, needs_own_rule, why_forbidden
from invoicing.taxing import Place
from invoicing.totals import HUNDRED, TaxPart

STATE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Card:
    """What the provider tells of a card; left empty, it doesn't know."""

    funding: str = ""
    product: str = ""
    brand: str = ""

    @property
    def is_known(self) -> bool:
        """Whether a surcharge may be thought of at all."""
        return bool(self.funding and self.product and self.brand)


@dataclass(frozen=True, slots=True)
class Surcharge:
    """The answer: what is charged on top, by which rule, or why nothing is."""

    gross: Money
    parts: Sequence[TaxPart]
    rule: SurchargeRule | None
    working: str

    @property
    def net(self) -> Decimal:
        """Without tax."""
        return sum((part.net for part in self.parts), ZERO)

    @property
    def tax(self) -> Decimal:
        """The tax inside."""
        return sum((part.tax for part in self.parts), ZERO)


@dataclass(frozen=True, slots=True)
class Payment:
    """An invoice that is paid by card: how much of it, by whom, and how the invoice is taxed."""

    paid: Money
    place: Place | None
    taxed: Sequence[TaxPart]

    def surcharge(self, rules: Iterable[SurchargeRule], card: Card) -> Surcharge:
        """What these rules put on top for a card."""
        if not card.is_known:
            return self._nothing("The card's funding, product or brand is not known.")
        if self.place is None:
            return self._nothing("The customer has no billing address.")
        if self.place.country == US and not STATE.fullmatch(self.place.region):
            return self._nothing("The customer's state is not known by its two letters.")
        scope = Scope(self.place.country, self.place.region, card.funding, card.product, card.brand)
        rule = max((rule for rule in rules if self._fits(rule, scope)), key=_exactness, default=None)
        if rule is None:
            return self._nothing("No rule covers this card there.")
        why = why_forbidden(scope, rule.percent) or ("" if rule.state else needs_own_rule(scope.state))
        return self._nothing(why) if why else self.by_rule(rule)

    def by_rule(self, rule: SurchargeRule) -> Surcharge:
        """What one rule puts on top."""
        if self.paid.amount <= rule.threshold:
            threshold = Money(rule.threshold, rule.currency)
            return self._nothing(f"{self.paid} is not above the threshold of {threshold}.")
        share = round_to_currency(self.paid.amount * rule.percent / HUNDRED, self.paid.currency)
        gross = Money(share if rule.cap is None else min(share, rule.cap), self.paid.currency)
        if not gross:
            return self._nothing("The surcharge comes to nothing.")
        capped = f", capped at {gross}" if rule.cap is not None and share > rule.cap else f" = {gross}"
        working = f"{self.paid} × {rule.percent.normalize():f} %{capped}, tax included"
        return Surcharge(gross, _taxed(gross, self.taxed), rule, working)

    def _fits(self, rule: SurchargeRule, scope: Scope) -> bool:
        asked = (
            (rule.country, scope.country), (rule.state, scope.state), (rule.funding, scope.funding),
            (rule.product, scope.product), (rule.brand, scope.brand),
        )  # fmt: skip
        return rule.currency == self.paid.currency and all(named in {"", card} for named, card in asked)

    def _nothing(self, why: str) -> Surcharge:
        return Surcharge(Money(ZERO, self.paid.currency), (), None, why)


def highest(payment: Payment, rules: Iterable[SurchargeRule]) -> Money:
    """The most that any card could cost on top; what a waiver gives up."""
    cards = [
        Card(funding, product, brand)
        for funding in ("credit", "debit", "prepaid")
        for product in ("consumer", "commercial")
        for brand in ("visa", "mastercard", "amex", "discover", "diners", "jcb")
    ]
    known = list(rules)
    return max((payment.surcharge(known, card).gross for card in cards), key=lambda gross: gross.amount)


def _exactness(rule: SurchargeRule) -> tuple[bool, int]:
    return bool(rule.state), sum(bool(named) for named in (rule.funding, rule.product, rule.brand))


def _taxed(gross: Money, taxed: Sequence[TaxPart]) -> list[TaxPart]:
    """The surcharge in the shares of the invoice's rates, the tax taken out of each."""
    charged = [part for part in taxed if part.gross > 0]
    shares = split_money(gross, [part.gross for part in charged])
    parts = []
    for part, share in zip(charged, shares, strict=True):
        percent = part.rate.percent
        tax = round_to_currency(share.amount * percent / (HUNDRED + percent), gross.currency)
        parts.append(TaxPart(part.rate, share.amount - tax, tax))
    return [part for part in parts if part.gross]
