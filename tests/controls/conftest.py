"""A credit note of 1,200.00 pounds that waits for somebody's yes. The document is stood in for by the company's row."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from controls.actions import request_approval, set_up_limits
from controls.models import ApprovalRequest, Authority
from core.models import LegalEntity, User
from core.money import money


@pytest.fixture
def limits(uk: LegalEntity, system: User) -> None:
    set_up_limits(by=system, entity=uk)


@pytest.fixture
def ask(uk: LegalEntity, limits: None) -> Callable[..., ApprovalRequest]:
    """Ask for approval: ask(clerk, "1200.00 GBP")."""

    def make(by: User, amount: str, **changed: Any) -> ApprovalRequest:
        asked: dict[str, Any] = {
            "entity": uk,
            "kind": Authority.CREDIT_NOTE,
            "subject": uk,
            "subject_url": "/invoicing/credit-notes/7/",
            "facts": [("Customer", "Acme Ltd"), ("Corrects", "INV-2026-000012")],
            "effect": "The credit note is issued and INV-2026-000012 has 300.00 GBP left open.",
            "counts_with": "customer:1",
            "reason": "Ten licences were billed twice.",
            "decide_url_name": "controls:approval",
            "requested_on": date(2026, 5, 4),
        }
        return request_approval(by=by, amount=money(amount), **{**asked, **changed})

    return make
