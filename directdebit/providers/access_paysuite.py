"""Access PaySuite (DDCMS): customers, contracts and payments over a REST API without idempotency keys.

Values of POST and PATCH go into the address. Nothing protects from asking twice, so every create is preceded by a
search for our own key, which stands in the customer's reference, the contract's additional reference and the payment's
comment. A customer there is one bank account: each mandate has its own, so that a new account is never drawn by the old
one's details. `Paid` is set when a collection is submitted, days before anybody knows whether it was paid. Success is
never called back: payments are polled.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import Money, round_to_currency
from core.payment_files.text import plain_letters
from directdebit.providers.calls import Answer, Caller
from directdebit.providers.protocol import (
    DebitOrder,
    Payer,
    Payment,
    ProviderRefused,
    RegisteredMandate,
    Status,
    Unanswered,
)
from directdebit.returns.advice import CodeList

CURRENCY = "GBP"
HOLDER = 18
# A contract lists a hundred payments at most and has no second page; the list over all of them takes larger ones.
PAGE, LARGEST_PAGE = 100, 10_000
LIVE = frozenset({"Active", "Creation Pending", "Pending", "Live"})
STATUSES = {
    "Pending": Status.PENDING,
    "Paid": Status.PRESUMED_PAID,
    "Unpaid": Status.UNPAID,
    "Represented": Status.SUBMITTED,
    "Withdrawn": Status.CANCELLED,
    "Indemnity Claimed": Status.CLAIMED,
}
# An ad-hoc contract collects nothing by itself: it has to run until further notice and go on so.
AD_HOC = {"isGiftAid": "false", "terminationType": "Until further notice", "atTheEnd": "Switch to further notice"}


class AccessPaySuite:
    """One client account there. `schedule` names the ad-hoc schedule that PaySuite set up for it."""

    def __init__(self, caller: Caller, *, schedule: str) -> None:
        self.caller, self.schedule = caller, schedule

    # Mandates

    def register_mandate(self, payer: Payer, reference: str, starts_on: date) -> RegisteredMandate:
        """Customer and ad-hoc contract, each only where a search finds none."""
        customer = self._customer(payer)
        found = self._contract_by(customer, reference)
        if found is None:
            wanted = {
                "scheduleName": self.schedule,
                "start": _moment(starts_on),
                "additionalReference": reference,
                **AD_HOC,
            }
            found = self._done(self.caller.ask("POST", f"customer/{customer}/contract", query=wanted))
        return RegisteredMandate(_needed(found, "Id"), str(found.get("DirectDebitRef") or ""), _is_live(found))

    def mandate(self, identifier: str) -> RegisteredMandate:
        """The contract as it is now."""
        found = self._done(self.caller.ask("GET", f"contract/{identifier}", again=True))
        return RegisteredMandate(identifier, str(found.get("DirectDebitRef") or ""), _is_live(found))

    def cancel_mandate(self, identifier: str, reason: str) -> None:
        """Cancel the contract. That does not stop ad-hoc payments: each that is still pending is deleted."""
        for payment in self._payments(identifier):
            if payment.get("Status") == "Pending":
                path = f"contract/{identifier}/payment/{_needed(payment, 'Id')}"
                self._done(self.caller.ask("DELETE", path, query={"comment": reason[:255] or "Cancelled"}))
        self._done(self.caller.ask("POST", f"contract/{identifier}/cancel"))

    def _customer(self, payer: Payer) -> str:
        found = self._done(self.caller.ask("GET", "customer", query={"customerRef": payer.reference}, again=True))
        for customer in found.get("Customers") or ():
            if customer.get("CustomerRef") == payer.reference:
                _refuse_other_account(customer, payer)
                return _needed(customer, "Id")
        return self._add_customer(payer)

    def _add_customer(self, payer: Payer) -> str:
        title, _, rest = payer.name.partition(" ")
        wanted = {
            "customerRef": payer.reference,
            "email": payer.email,
            "title": "-",
            "firstName": title or "-",
            "surname": rest or payer.name,
            "companyName": payer.name,
            "line1": payer.address[:50],
            "line2": payer.city[:30],
            "postCode": payer.postcode,
            "accountNumber": payer.account_number,
            "bankSortCode": _digits(payer.sort_code),
            "accountHolderName": _holder(payer.account_holder),
        }
        return _needed(self._done(self.caller.ask("POST", "customer", query=wanted)), "Id")

    def _contract_by(self, customer: str, reference: str) -> Mapping[str, Any] | None:
        found = self._done(self.caller.ask("GET", f"customer/{customer}/contract", again=True))
        same = (one for one in found.get("Contracts") or () if one.get("AdditionalReference") == reference)
        return next(same, None)

    # Payments

    def collect(self, order: DebitOrder) -> Payment:
        """Ask for money unless a payment with our key is there already."""
        for payment in self._payments(order.mandate):
            if payment.get("Comment") == order.key:
                return _payment(payment, order.mandate)
        if order.money.currency != CURRENCY:
            raise ProviderRefused(f"{order.money}: Access PaySuite collects pounds only.")
        wanted = {
            "amount": f"{order.money.amount:.2f}",
            "date": _moment(order.collect_on),
            "comment": order.key,
            "isCredit": "false",
        }
        made = self._done(self.caller.ask("POST", f"contract/{order.mandate}/payment", query=wanted))
        due_on = _day(made.get("DueDate")) or order.collect_on
        return Payment(_needed(made, "Id"), order.mandate, order.money, due_on, Status.PENDING, key=order.key)

    def payment(self, identifier: str, mandate: str) -> Payment:
        """One payment as it is now."""
        path = f"contract/{mandate}/payment/{identifier}"
        return _payment(self._done(self.caller.ask("GET", path, again=True)), mandate)

    def payments_of(self, mandates: Iterable[str], since: date) -> Iterator[Payment]:
        """Every payment of these contracts that was due since a day: nobody tells us that one was paid."""
        for mandate in mandates:
            for found in self._payments(mandate):
                payment = _payment(found, mandate)
                if payment.collect_on >= since:
                    yield payment

    def _payments(self, contract: str) -> list[Mapping[str, Any]]:
        """Every debit of a contract: one that was overlooked would be asked for a second time."""
        answer = self.caller.ask("GET", f"contract/{contract}/payment", query={"rows": str(PAGE)}, again=True)
        found = list(self._done(answer).get("Payments") or ())
        if len(found) >= PAGE:
            found = self._listed(contract)
        return [one for one in found if not one.get("IsCredit")]

    def _listed(self, contract: str) -> list[Mapping[str, Any]]:
        wanted = {"contractId": contract, "pageSize": LARGEST_PAGE}
        found = list(self._done(self.caller.ask("POST", "payments", body=wanted, again=True)).get("Payments") or ())
        if len(found) >= LARGEST_PAGE:
            raise ProviderRefused(
                f"Contract {contract} has {LARGEST_PAGE:,} payments or more; what stands there can't be read whole. "
                "Cancel the mandate and write a new one."
            )
        return [one for one in found if one.get("Contract") in {None, contract}]

    def _done(self, answer: Answer) -> Mapping[str, Any]:
        """The data, or the provider's refusal in its words. It answers 200 to some mistakes as well."""
        data = answer.data
        if not isinstance(data, dict):
            raise Unanswered(f"Access PaySuite answered {answer.status} without data. It is asked again later.")
        failed = data.get("ErrorCode") or data.get("error") or data.get("Error")
        if answer.status >= 400 or failed:
            words = [str(data.get(name) or "") for name in ("Message", "Detail", "error", "Error")]
            raise ProviderRefused(f"Access PaySuite refused it: {' '.join(filter(None, words)) or answer.status}.")
        return data


def _refuse_other_account(customer: Mapping[str, Any], payer: Payer) -> None:
    """What stands there under the mandate's reference has to be drawn from the mandate's account."""
    kept = customer.get("BankDetail") or customer
    there = (_digits(kept.get("BankSortCode")), _digits(kept.get("AccountNumber")))
    if all(there) and there != (_digits(payer.sort_code), _digits(payer.account_number)):
        raise ProviderRefused(
            f"Access PaySuite keeps another account for {payer.reference} than the mandate does. End the mandate and "
            "write a new one with a reference of its own."
        )


def _holder(name: str) -> str:
    """Letters and digits alone, as many as it takes."""
    return " ".join(re.sub(r"[^0-9A-Z]", " ", plain_letters(name).upper()).split())[:HOLDER].strip()


def _digits(written: object) -> str:
    return "".join(filter(str.isdigit, str(written or "")))


def _payment(found: Mapping[str, Any], mandate: str) -> Payment:
    collect_on = _day(found.get("Date") or found.get("DueDate"))
    if collect_on is None or found.get("Amount") is None:
        raise Unanswered("Access PaySuite tells of a payment without its date or amount.")
    status = STATUSES.get(str(found.get("Status")), Status.UNKNOWN)
    claimed = status == Status.CLAIMED
    return Payment(
        identifier=_needed(found, "Id"),
        mandate=mandate,
        money=Money(round_to_currency(Decimal(str(found["Amount"])), CURRENCY), CURRENCY),
        collect_on=collect_on,
        status=status,
        key=str(found.get("Comment") or ""),
        codes=CodeList.DDICA if claimed else CodeList.ARUDD,
        code=str(found.get("ReasonCode") or "").strip(" ,")[:1].upper()
        if status in {Status.UNPAID, Status.CLAIMED}
        else "",
        words=str(found.get("ReasonMessage") or ""),
    )


def _is_live(contract: Mapping[str, Any]) -> bool:
    return str(contract.get("Status") or "Creation Pending") in LIVE


def _needed(found: Mapping[str, Any], name: str) -> str:
    value = str(found.get(name) or "")
    if not value:
        raise Unanswered(f"Access PaySuite answered without {name}.")
    return value


def _moment(day: date) -> str:
    return f"{day:%Y-%m-%d}T00:00:00.000"


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None
