"""GoCardless: idempotency keys of our own making, so that asking twice is harmless; amounts in minor units.

A payment can still fail after it was confirmed. Fees stay with GoCardless: a payout is what is left of its payments.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import Money, to_decimal
from directdebit.providers.calls import Answer, Caller
from directdebit.providers.protocol import (
    DebitOrder,
    Payer,
    Payment,
    Payout,
    PayoutItem,
    ProviderRefused,
    RegisteredMandate,
    Status,
    Unanswered,
)
from directdebit.returns.advice import CodeList

VERSION = "2015-07-06"
PAGE = "500"
KEY = "o2c_key"
LIVE = frozenset({"pending_customer_approval", "pending_submission", "submitted", "active"})
STATUSES = {
    "pending_customer_approval": Status.PENDING,
    "pending_submission": Status.PENDING,
    "submitted": Status.SUBMITTED,
    "confirmed": Status.PRESUMED_PAID,
    "paid_out": Status.PAID_OUT,
    "cancelled": Status.CANCELLED,
    "customer_approval_denied": Status.CANCELLED,
    "failed": Status.UNPAID,
    "charged_back": Status.CLAIMED,
}
FAILED = frozenset({"failed", "charged_back", "late_failure_settled"})
ENDED = frozenset({"cancelled", "failed", "expired", "blocked", "suspended_by_payer", "consumed"})
CODE_LISTS = {"bacs": CodeList.ARUDD, "ach": CodeList.NACHA}


class GoCardless:
    """One creditor there."""

    def __init__(self, caller: Caller, *, creditor: str = "") -> None:
        self.caller, self.creditor = caller, creditor

    # Mandates

    def register_mandate(self, payer: Payer, reference: str, starts_on: date) -> RegisteredMandate:
        """Customer, bank account and mandate, each under a key that follows from our reference."""
        links = {"creditor": self.creditor} if self.creditor else {}
        customer = self._made("customers", _customer(payer), reference)
        account = self._made("customer_bank_accounts", _account(payer, _needed(customer, "id")), reference)
        wanted = {
            "reference": reference,
            "metadata": {KEY: reference},
            "links": {**links, "customer_bank_account": _needed(account, "id")},
        }
        return _mandate(self._made("mandates", wanted, reference))

    def mandate(self, identifier: str) -> RegisteredMandate:
        """The mandate as it is now; one that ended says why, by the newest event that ended it."""
        found = _mandate(self._got("mandates", identifier))
        if found.is_live:
            return found
        ended = _newest(self._listed("events", {"mandate": identifier, "resource_type": "mandates"}), ENDED)
        if ended is None:
            return found
        codes, code = _told_reason(ended)
        words = str((ended.get("details") or {}).get("description") or "")
        return replace(found, codes=codes, code=code, words=words)

    def cancel_mandate(self, identifier: str, reason: str) -> None:
        """Cancel a mandate; GoCardless cancels what is pending under it. One that is over already stays over."""
        if self.mandate(identifier).is_live:
            body = {"data": {"metadata": {"reason": reason[:50]}}}
            answer = self.caller.ask("POST", f"mandates/{identifier}/actions/cancel", body=body, again=True)
            self._done(answer, "mandates")

    # Payments

    def collect(self, order: DebitOrder) -> Payment:
        """Ask for money under our key; asked again, GoCardless names the payment that it made the first time."""
        wanted = {
            "amount": order.money.minor,
            "currency": order.money.currency,
            "charge_date": order.collect_on.isoformat(),
            "description": order.text[:100],
            "metadata": {KEY: order.key},
            "links": {"mandate": order.mandate},
        }
        return _payment(self._made("payments", wanted, order.key))

    def payment(self, identifier: str, mandate: str) -> Payment:
        """One payment as it is now, with the reason of its last event where it failed."""
        found = _payment(self._got("payments", identifier))
        if found.status not in {Status.UNPAID, Status.CLAIMED}:
            return found
        return _with_reason(found, self._events_of(identifier))

    def payments_of(self, mandates: Iterable[str], since: date) -> Iterator[Payment]:
        """Every payment of these mandates that was charged since a day."""
        for mandate in mandates:
            query = {"mandate": mandate, "charge_date[gte]": since.isoformat()}
            for found in self._listed("payments", query):
                payment = _payment(found)
                told = payment.status in {Status.UNPAID, Status.CLAIMED}
                yield self.payment(payment.identifier, mandate) if told else payment

    def _events_of(self, payment: str) -> list[Mapping[str, Any]]:
        return list(self._listed("events", {"payment": payment, "resource_type": "payments"}))

    # Payouts

    def payout(self, identifier: str) -> Payout:
        """A payout with what it is made of: payments gross, fees and failed payments taken off."""
        found = self._got("payouts", identifier)
        items = [_item(one) for one in self._listed("payout_items", {"payout": identifier})]
        currency = _needed(found, "currency")
        return Payout(
            identifier=identifier,
            reference=str(found.get("reference") or ""),
            net=Money.from_minor(int(found["amount"]), currency),
            fees=Money.from_minor(int(found.get("deducted_fees") or 0), currency).amount,
            arrives_on=_day(found, "arrival_date"),
            items=items,
        )

    def payouts_since(self, since: date) -> Iterator[str]:
        """The names of what was paid out since a day: a webhook may have been lost."""
        query = {"status": "paid", "created_at[gte]": f"{since.isoformat()}T00:00:00.000Z"}
        for found in self._listed("payouts", query):
            yield _needed(found, "id")

    # Asking

    def _made(self, kind: str, wanted: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """Create once: a conflict of the key means that it was made before, and names it."""
        headers = {"Idempotency-Key": idempotency_key(kind, key)}
        answer = self.caller.ask("POST", kind, body={kind: wanted}, headers=headers, again=True)
        before = _made_before(answer)
        return self._got(kind, before) if before else self._done(answer, kind)

    def _got(self, kind: str, identifier: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._done(self.caller.ask("GET", f"{kind}/{identifier}", again=True), kind)
        return found

    def _listed(self, kind: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        after = ""
        while True:
            asked = {**query, "limit": PAGE, **({"after": after} if after else {})}
            answer = self.caller.ask("GET", kind, query=asked, again=True)
            yield from self._done(answer, kind, many=True)
            meta = answer.data.get("meta") or {}
            after = str((meta.get("cursors") or {}).get("after") or "")
            if not after:
                return

    def _done(self, answer: Answer, kind: str, *, many: bool = False) -> Any:
        data = answer.data
        if answer.status >= 400:
            raise ProviderRefused(f"GoCardless refused it: {_reason(data) or answer.status}.")
        if not isinstance(data, dict) or not isinstance(data.get(kind), list if many else dict):
            raise Unanswered(f"GoCardless answered {answer.status} without {kind}. It is asked again later.")
        return data[kind]


def idempotency_key(kind: str, key: str) -> str:
    """The same for the same thing for ever, and another for everything else."""
    return hashlib.sha256(f"{kind}:{key}".encode()).hexdigest()


def _made_before(answer: Answer) -> str:
    errors = _error(answer.data).get("errors") or () if answer.status == 409 else ()
    for error in errors:
        if error.get("reason") == "idempotent_creation_conflict":
            return str((error.get("links") or {}).get("conflicting_resource_id") or "")
    return ""


def _error(data: object) -> Mapping[str, Any]:
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _reason(data: object) -> str:
    error = _error(data)
    fields = [f"{one.get('field')} {one.get('message')}" for one in error.get("errors") or () if one.get("field")]
    return "; ".join(filter(None, [str(error.get("message") or ""), *fields]))


def _payment(found: Mapping[str, Any]) -> Payment:
    return Payment(
        identifier=_needed(found, "id"),
        mandate=str((found.get("links") or {}).get("mandate") or ""),
        money=Money.from_minor(int(found["amount"]), _needed(found, "currency")),
        collect_on=_day(found, "charge_date"),
        status=STATUSES.get(str(found.get("status")), Status.UNKNOWN),
        key=str((found.get("metadata") or {}).get(KEY) or ""),
    )


def _with_reason(payment: Payment, events: Iterable[Mapping[str, Any]]) -> Payment:
    """The newest event that failed it or took it back says why."""
    newest = _newest(events, FAILED)
    if newest is None:
        return payment
    codes, code = _told_reason(newest)
    return replace(
        payment,
        codes=codes,
        code=code,
        words=str((newest.get("details") or {}).get("description") or ""),
        told_on=date.fromisoformat(str(newest["created_at"])[:10]),
    )


def _newest(events: Iterable[Mapping[str, Any]], actions: frozenset[str]) -> Mapping[str, Any] | None:
    told = [event for event in events if event.get("action") in actions]
    return max(told, key=lambda event: str(event.get("created_at")), default=None)


def _told_reason(event: Mapping[str, Any]) -> tuple[CodeList, str]:
    details = event.get("details") or {}
    return scheme_code(str(details.get("scheme") or ""), str(details.get("reason_code") or ""))


def scheme_code(scheme: str, written: str) -> tuple[CodeList, str]:
    """The list and the code in a reason such as ARUDD-0, AM04 or R01."""
    named, _, code = written.upper().rpartition("-")
    if named in CodeList.__members__:
        return CodeList[named], code
    return CODE_LISTS.get(scheme, CodeList.SEPA), code


def _customer(payer: Payer) -> dict[str, Any]:
    return {
        "company_name": payer.name,
        "email": payer.email,
        "address_line1": payer.address,
        "city": payer.city,
        "postal_code": payer.postcode,
        "country_code": payer.country,
        "metadata": {KEY: payer.reference},
    }


def _account(payer: Payer, customer: str) -> dict[str, Any]:
    number = {"iban": payer.iban} if payer.iban else {
        "account_number": payer.account_number,
        "branch_code": "".join(filter(str.isdigit, payer.sort_code)),
        "country_code": payer.country,
    }  # fmt: skip
    return {"account_holder_name": payer.account_holder, "links": {"customer": customer}, **number}


def _mandate(found: Mapping[str, Any]) -> RegisteredMandate:
    return RegisteredMandate(_needed(found, "id"), str(found.get("reference") or ""), str(found.get("status")) in LIVE)


def _item(found: Mapping[str, Any]) -> PayoutItem:
    """Amounts of payout items are minor units with fractions, as fees are shared out."""
    payment = str((found.get("links") or {}).get("payment") or "")
    return PayoutItem(str(found.get("type") or ""), to_decimal(str(found.get("amount"))) / Decimal(100), payment)


def _needed(found: Mapping[str, Any], name: str) -> str:
    value = str(found.get(name) or "")
    if not value:
        raise Unanswered(f"GoCardless answered without {name}.")
    return value


def _day(found: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(found.get(name)))
    except ValueError:
        raise Unanswered(f"GoCardless answered without {name}.") from None
