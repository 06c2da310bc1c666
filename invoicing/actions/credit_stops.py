"""What a credit hold keeps from happening."""

from collections.abc import Iterable
from datetime import date

from core.errors import Refused
from core.models import LegalEntity
from customers.models import CreditStop, Customer
from customers.queries.credit import holds_stopping
from invoicing.queries.credit_stops import sentence_of

NAMED = 5


class OnCreditHold(Refused):
    """A credit hold stops this until somebody releases it."""

    code = "on_credit_hold"


def refuse_on_hold(entity: LegalEntity, customers: Iterable[Customer], stop: CreditStop, on: date) -> None:
    """Refuse what holds on these customers stop, with who placed them and why. The customers are locked."""
    holds = holds_stopping(entity=entity, customers={customer.pk for customer in customers}, stop=stop, on=on)
    if holds:
        more = f" And {len(holds) - NAMED} more." if len(holds) > NAMED else ""
        sentences = " ".join(f"{sentence_of(hold).rstrip('.')}." for hold in holds[:NAMED])
        raise OnCreditHold(f"{sentences}{more} It stops {stop.label}; release the hold first.")
