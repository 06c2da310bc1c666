"""The procedures of the demo company, as they stand beside its screens."""

from controls.actions.policies import PolicyText, confirm_reading, write_policy
from core.models import LegalEntity, User

COLLECTING = """\
Whoever owes us is asked early, in a friendly way, and never by mistake.

## Every day

1. Work *My list* from the top. The order is the policy's: broken promises, final invoices, two or more months of
   recurring invoices, over 31 days, then the window of 5 to 15 days.
2. Call before you write. Up to **three attempts** a day; after the third the follow-up mail writes itself.
3. Ask one thing: **the day on which they pay**. Write it down as a promise while you are still on the telephone.
4. Call 75 different customers a day. A customer counts once.

## What a call ends in

| They say | You do |
|---|---|
| A day | Write the promise |
| Something is wrong with the invoice | Open a dispute for that amount, no more |
| It is paid | Ask for the remittance and look into unapplied cash |
| They can't pay | Tell the manager. **Never offer a plan yourself** |
| Threats, shouting | Tick *Difficult*; the manager is told |

## Not to be written to

Nobody who has paid, promised, disputed or agreed a plan gets a reminder. Where you know of a reason that the ledger
can't know, place a hold with that reason.
"""
PLANS = """\
We want **100 % at once**. A plan is the exception.

- A manager opens the possibility, with a reason; it stands for 30 days.
- The collector proposes it with the customer's own proof, such as a cash forecast.
- The finance manager alone approves it.
- An instalment that is five business days late is in default. The customer is told once and has five more.

Documents on a plan keep their due dates: every ageing shows them as old as they are.
"""
STATEMENTS = """\
Everybody with something open gets a statement on the **15th**, on the 14th where that is a Saturday, on the 16th where
it is a Sunday. On a holiday it goes out when somebody works again.

1. On the day before, look through the preview: who gets none, and why.
2. Answer questions about statements within one business day.
"""
POLICIES = (
    ("Asking for payment", COLLECTING, ("collections:worklist", "collections:calls", "collections:promises")),
    ("Payment plans", PLANS, ("collections:plans",)),
    ("Statements", STATEMENTS, ("collections:statement_runs",)),
)


def publish_policies(entity: LegalEntity, manager: User, collector: User) -> None:
    """Written by the manager; the collector has read the first one."""
    for number, (title, text, screens) in enumerate(POLICIES):
        policy = write_policy(by=manager, entity=entity, written=PolicyText(title=title, text=text, screens=screens))
        if number == 0:
            confirm_reading(by=collector, version=policy.versions.get())
