"""Access PaySuite as its swagger and clients describe it: key in the header, values in the address, no idempotency."""

from typing import Any
from uuid import uuid4

from tests.directdebit.providers.stand_in import Reply, StandIn

API_KEY = "key-of-brightwater"
CLIENT = "BRIGHT"


class PaySuite(StandIn):
    """One client account with its customers, contracts and payments."""

    def __init__(self) -> None:
        super().__init__()
        self.customers: dict[str, dict[str, Any]] = {}
        self.contracts: dict[str, dict[str, Any]] = {}
        self.payments: dict[str, dict[str, Any]] = {}
        self.hidden: set[str] = set()
        self.no_new_customers = False

    def refusal(self, status: int, words: str) -> Any:
        """Errors look alike, whatever they are."""
        return {"ErrorCode": 3, "Detail": words, "Message": "Validation error"}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: Any) -> Reply:
        if headers.get("apiKey") != API_KEY:
            return 403, {"ErrorCode": 7, "Detail": None, "Message": "API not enabled"}
        parts = path.split("/")[4:]
        if [method, *parts] == ["POST", "payments"]:
            return 200, {"Payments": self._of_contract(body["contractId"])[: body["pageSize"]]}
        if body is not None:
            return 411, self.refusal(411, "Values belong into the address")
        match [method, *parts]:
            case ["GET", "customer"]:
                return 200, {"Customers": [one for one in self.customers.values() if _fits(one, query)]}
            case ["POST", "customer"]:
                return self._add_customer(query)
            case ["GET", "customer", customer, "contract"]:
                return 200, {"Contracts": [one for one in self.contracts.values() if one["Customer"] == customer]}
            case ["POST", "customer", customer, "contract"]:
                return self._add_contract(customer, query)
            case ["GET", "contract", contract]:
                return 200, self.contracts[contract]
            case ["POST", "contract", contract, "cancel"]:
                self.contracts[contract]["Status"] = "Cancelled"
                return 200, {"Message": "Contract cancelled"}
            case ["GET", "contract", contract, "payment"] if contract in self.hidden:
                return 403, {"Message": "Contract cannot be accessed"}
            case ["GET", "contract", contract, "payment"]:
                return 200, {"Payments": self._of_contract(contract)[: min(int(query["rows"]), 100)]}
            case ["POST", "contract", contract, "payment"]:
                return self._add_payment(contract, query)
            case ["GET", "contract", _, "payment", payment] if payment in self.payments:
                return 200, self.payments[payment]
            case ["DELETE", "contract", _, "payment", payment] if payment in self.payments:
                del self.payments[payment]
                return 200, {"Message": "Payment deleted"}
        return 404, {"Message": "Payment not found"}

    def _add_customer(self, query: dict[str, str]) -> Reply:
        if self.no_new_customers:
            return 400, self.refusal(400, "Invalid Postcode. The postcode must have 5, 6 or 7 characters only")
        if any(one["CustomerRef"] == query["customerRef"] for one in self.customers.values()):
            return 200, self.refusal(200, "There is an existing Customer with the same Client and CustomerRef already.")
        identifier = str(uuid4())
        self.customers[identifier] = {
            "Id": identifier,
            "CustomerRef": query["customerRef"],
            "BankDetail": {
                "AccountHolderName": query["accountHolderName"],
                "AccountNumber": query["accountNumber"],
                "BankSortCode": query["bankSortCode"],
            },
        }
        return 200, {"Id": identifier, "CustomerRef": query["customerRef"], "Message": None}

    def _of_contract(self, contract: str) -> list[dict[str, Any]]:
        return [one for one in self.payments.values() if one["Contract"] == contract]

    def _add_contract(self, customer: str, query: dict[str, str]) -> Reply:
        if query["terminationType"] != "Until further notice":
            return 400, self.refusal(400, "An ad-hoc contract runs until further notice.")
        identifier = str(uuid4())
        self.contracts[identifier] = {
            "Id": identifier,
            "Customer": customer,
            "Status": "Active",
            "AdditionalReference": query["additionalReference"],
            "DirectDebitRef": f"BRIGHT{len(self.contracts):04}",
        }
        return 200, self.contracts[identifier]

    def _add_payment(self, contract: str, query: dict[str, str]) -> Reply:
        if self.contracts[contract]["Status"] != "Active":
            return 400, {"Message": "Contract is not active"}
        identifier = str(uuid4())
        self.payments[identifier] = {
            "Id": identifier,
            "Contract": contract,
            "Amount": float(query["amount"]),
            "Date": query["date"],
            "Comment": query["comment"],
            "Status": "Pending",
            "IsCredit": False,
            "ReasonCode": "",
        }
        made = self.payments[identifier]
        return 200, {"Id": identifier, "Contract": contract, "Amount": made["Amount"], "DueDate": query["date"]}


def _fits(customer: dict[str, Any], query: dict[str, str]) -> bool:
    return "customerRef" not in query or customer["CustomerRef"] == query["customerRef"]
