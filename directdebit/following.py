"""What follows when a direct debit comes back: who is asked to do what until when. Only actions call this."""

from datetime import date

from core.calendars import BusinessCalendar
from customers.models import Customer
from directdebit.models import FollowUp, ReturnedDebit
from directdebit.returns import Kind
from directdebit.returns.reasons import FollowUpKind

Owner = FollowUp.Owner
OWNERS = {
    FollowUpKind.RE_PRESENT: Owner.COLLECTIONS,
    FollowUpKind.NEW_DETAILS: Owner.RECEIVABLES,
    FollowUpKind.CUSTOMER_SUCCESS: Owner.CUSTOMER_SUCCESS,
    FollowUpKind.LEGAL: Owner.LEGAL,
    FollowUpKind.INVESTIGATE: Owner.RECEIVABLES,
}
# Business days until it should be done. A claim can be challenged for about nine of them, so that seven leave two.
DAYS = {
    FollowUpKind.RE_PRESENT: 1,
    FollowUpKind.NEW_DETAILS: 5,
    FollowUpKind.CUSTOMER_SUCCESS: 2,
    FollowUpKind.LEGAL: 2,
    FollowUpKind.INVESTIGATE: 2,
}
DAYS_FOR_A_CLAIM = 7


def open_follow_up(
    returned: ReturnedDebit,
    customer: Customer,
    kind: FollowUpKind,
    on: date,
    calendar: BusinessCalendar,
    until: date | None = None,
) -> FollowUp:
    """Put it on the worklist of whoever takes it up; a return has each kind once."""
    days = DAYS_FOR_A_CLAIM if returned.kind == Kind.CLAIMED else DAYS[kind]
    follow_up, _ = FollowUp.objects.get_or_create(
        returned=returned,
        kind=kind,
        defaults={
            "entity": returned.entity,
            "customer": customer,
            "owner": OWNERS[kind],
            "due_on": calendar.add_business_days(on, days),
            "until_on": until,
        },
    )
    return follow_up
