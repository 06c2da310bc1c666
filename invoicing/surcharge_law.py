"""Where the law or a card brand forbids a surcharge, as sentences. Pure.

United Kingdom: Consumer Rights (Payment Surcharges) Regulations 2012 as amended in 2018. The payment method decides,
not the buyer: a sole trader's personal card may not be surcharged, a company's may, up to what accepting it costs.
European Economic Area: Directive (EU) 2015/2366, article 62(4), for consumer cards.
United States: brands allow it for credit cards alone, Visa up to 3 %, Mastercard up to 4 %; states forbid or limit it.
Everywhere a surcharge is not above what accepting such cards costs.
"""

from dataclasses import dataclass
from decimal import Decimal

from stdnum.eu.vat import MEMBER_STATES

UK, US = "GB", "US"
CREDIT, COMMERCIAL = "credit", "commercial"
EEA = frozenset({"GR" if code == "el" else code.upper() for code in MEMBER_STATES} - {"XI"} | {"IS", "LI", "NO"})
PROHIBITED_STATES = {"CT": "Connecticut", "MA": "Massachusetts", "ME": "Maine"}
UNCLEAR_STATES = {"OK": "Oklahoma", "PR": "Puerto Rico"}
COLORADO = "CO"
COLORADO_MOST = Decimal(2)
BRAND_MOST = {"visa": Decimal(3), "mastercard": Decimal(4)}
STRICTEST = min(BRAND_MOST.values())


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule covers, or one card. Left empty, a part covers every one of its kind."""

    country: str
    state: str = ""
    funding: str = ""
    product: str = ""
    brand: str = ""


def why_forbidden(scope: Scope, percent: Decimal) -> str:
    """Why such a surcharge may not be charged, in a sentence; nothing where it may."""
    if scope.country in EEA | {UK} and scope.product != COMMERCIAL:
        return _of_consumers(scope.country)
    if scope.country == US:
        return _in_the_states(scope, percent)
    return ""


def needs_own_rule(state: str) -> str:
    """Why a rule for the whole country is not used for a state; nothing where it is."""
    if state in UNCLEAR_STATES:
        return f"Sources disagree on surcharges in {UNCLEAR_STATES[state]}: it takes a rule of its own, with its basis."
    return ""


def _of_consumers(country: str) -> str:
    if country == UK:
        return (
            "In the United Kingdom consumer cards may not be surcharged, whoever pays with them. "
            "Limit the rule to commercial cards."
        )
    return (
        f"In {country}, as in all of the EEA, consumer cards may not be surcharged. Limit the rule to commercial cards."
    )


def _in_the_states(scope: Scope, percent: Decimal) -> str:
    if scope.funding != CREDIT:
        return (
            "In the United States debit and prepaid cards may never be surcharged, even when they are run as credit. "
            "Limit the rule to credit cards."
        )
    if scope.state in PROHIBITED_STATES:
        return f"{PROHIBITED_STATES[scope.state]} prohibits surcharges on cards."
    if scope.state == COLORADO and percent > COLORADO_MOST:
        return f"Colorado allows at most {COLORADO_MOST} %, not {percent.normalize():f} %."
    most = BRAND_MOST.get(scope.brand, STRICTEST)
    if percent > most:
        whose = scope.brand.capitalize() if scope.brand in BRAND_MOST else "The strictest brand"
        return f"{whose} allows at most {most} % in the United States, not {percent.normalize():f} %."
    return ""
