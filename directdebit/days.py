"""What a day brings to a company's direct debits. Asked often, it does each thing once."""

from datetime import date

from core.errors import Refused
from core.models import LegalEntity, User
from directdebit.actions.announcing import announce_collections
from directdebit.actions.mandates import review_mandates
from directdebit.actions.paying import confirm_paid, presume_paid, settle_submission
from directdebit.queries.arrivals import arrivals_of
from directdebit.settling import settle_certain_payouts, settle_certain_returns


def pass_day(by: User, entity: LegalEntity, as_of: date) -> int:
    """Notices that left, mandates that came of age or lapsed, collections whose day has come; how many moved."""
    announced = announce_collections(by=by, entity=entity, as_of=as_of)
    reviewed = review_mandates(by=by, entity=entity, as_of=as_of)
    presumed = presume_paid(by=by, entity=entity, as_of=as_of)
    confirmed = confirm_paid(by=by, entity=entity, as_of=as_of)
    settled = settle_certain(by, entity)
    settled += settle_certain_payouts(by, entity) + settle_certain_returns(by, entity)
    return len(announced) + len(reviewed) + len(presumed) + len(confirmed) + settled


def settle_certain(by: User, entity: LegalEntity) -> int:
    """Tie files to the bank lines that name them; how many. One that is refused stays a proposal for a person."""
    settled = 0
    for arrival in arrivals_of(entity):
        if not arrival.is_certain:
            continue
        try:
            settle_submission(by=by, submission=arrival.submission, line=arrival.line, evidence=arrival.evidence)
            settled += 1
        except Refused:
            continue
    return settled
