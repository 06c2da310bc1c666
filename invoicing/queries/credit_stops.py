"""What credit control has to say about customers that are about to be billed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from core.errors import Refused
from core.models import LegalEntity
from core.money import Money
from customers.models import CreditHold, CreditStop, Customer
from customers.queries.credit import holds_known_on, holds_stopping, policy_of
from invoicing.billing.findings import HELD_AND_WARNED, OVER_LIMIT
from invoicing.checks import Finding
from invoicing.queries.exposure import exposure_with

ON_HOLD = "on_hold"
NAMED = 5


class OnCreditHold(Refused):
    """A credit hold stops this until somebody releases it."""

    code = "on_credit_hold"


def credit_findings(
    *, entity: LegalEntity, billed: Mapping[int, Sequence[Money]], as_of: date
) -> Mapping[int, Sequence[Finding]]:
    """By customer, holds and exceeded limits that stop its invoices; `billed` is what each would be billed now."""
    found: dict[int, list[Finding]] = defaultdict(list)
    holds = holds_known_on(customers=billed, on=as_of)
    if holds:
        code = _code_of_holds(entity)
        for hold in holds:
            found[hold.customer_id].append(Finding(code, sentence_of(hold)))
    for customer, exposures in exposure_with(entity=entity, billed=billed, as_of=as_of).items():
        for exposure in exposures:
            if exposure.over:
                found[customer].append(Finding(OVER_LIMIT, exposure.sentence))
    return found


def refuse_on_hold(entity: LegalEntity, customers: Iterable[Customer], stop: CreditStop, on: date) -> None:
    """Refuse what holds on these customers stop, with who placed them and why. The customers are locked."""
    holds = holds_stopping(entity=entity, customers={customer.pk for customer in customers}, stop=stop, on=on)
    if holds:
        more = f" And {len(holds) - NAMED} more." if len(holds) > NAMED else ""
        sentences = " ".join(f"{sentence_of(hold).rstrip('.')}." for hold in holds[:NAMED])
        raise OnCreditHold(f"{sentences}{more} It stops {stop.label}; release the hold first.")


def sentence_of(hold: CreditHold) -> str:
    """Who stopped the customer, since when and why."""
    until = f" until {hold.until:%d %b %Y}" if hold.until else ""
    since = f"{hold.placed_on:%d %b %Y}{until}"
    return f"{hold.customer} is on credit hold since {since}, placed by {hold.placed_by}: {hold.reason}"


def _code_of_holds(entity: LegalEntity) -> str:
    """A hold that stops drafts or invoices has to be released; one that only warns can be accepted."""
    policy = policy_of(entity)
    stops = policy.stops(CreditStop.ISSUING) or policy.stops(CreditStop.DRAFTING)
    return ON_HOLD if stops else HELD_AND_WARNED
