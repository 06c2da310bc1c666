"""The ground floor: people, bank accounts, days, runs, files, tokens, the audit trail."""

from datetime import date

from core.actions import add_bank_account, issue_token, mark_day
from core.audit import audit
from core.files import store_file
from core.models import RoleGrant
from core.runs import start_run
from tests.house.scoped import MARKER, Addresses, Stage


def addresses(stage: Stage) -> Addresses:
    uk, system = stage.uk, stage.system
    day = date(2026, 5, 4)
    account = add_bank_account(by=system, entity=uk, name=MARKER, currency="USD")
    token, _ = issue_token(by=stage.manager, name=MARKER, scopes=["customers:read"])
    run, _ = start_run(system, uk, "test", day, title=MARKER)
    person = {"pk": stage.clerk.pk}
    grant = RoleGrant.objects.get(user=stage.clerk, entity=uk)
    return {
        "core:person": person,
        "core:grant_role": person,
        "core:send_password_link": person,
        "core:revoke_role": {"pk": grant.pk},
        "core:entity": {"code": uk.code},
        "core:logo": {"code": uk.code},
        "core:new_bank_account": {"code": uk.code},
        "core:bank_account": {"pk": account.pk},
        "core:drop_day": {"pk": mark_day(by=system, entity=uk, on=day, name=MARKER, is_working=False).pk},
        "core:audit_event": {"pk": audit(system, "thing.done", account, entity=uk, after={"name": MARKER}).pk},
        "core:run": {"pk": run.pk},
        "core:cancel_run": {"pk": run.pk},
        "core:file": {"pk": store_file(system, uk, f"{MARKER}.txt", MARKER.encode()).pk},
        "core:revoke_token": {"pk": token.pk},
    }
