"""GoCardless as its public client and fixtures describe it: versions, idempotency keys, cursors, events, payouts."""

import hashlib
import hmac
import json
from typing import Any

from tests.directdebit.providers.stand_in import Reply, StandIn

TOKEN, SECRET = "sandbox_token", "webhook-secret"
PREFIXES = {"customers": "CU", "customer_bank_accounts": "BA", "mandates": "MD", "payments": "PM"}
STARTS = {"mandates": "pending_submission", "payments": "pending_submission"}


class Cardless(StandIn):
    """One creditor's account."""

    def __init__(self, page: int = 500) -> None:
        super().__init__()
        self.kept: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in (*PREFIXES, "events", "payouts")}
        self.keys: dict[str, tuple[str, str]] = {}
        self.payout_items: dict[str, list[dict[str, Any]]] = {}
        self.page = page

    def refusal(self, status: int, words: str, **more: Any) -> Any:
        """Errors carry a type, a code and reasons."""
        reason = {"reason": words.lower().replace(" ", "_"), "message": words, **more}
        return {"error": {"message": words, "type": "invalid_state", "code": status, "errors": [reason]}}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: Any) -> Reply:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, self.refusal(401, "Unauthorized")
        if headers.get("GoCardless-Version") != "2015-07-06":
            return 400, self.refusal(400, "Missing version header")
        match [method, *path.split("/")]:
            case ["POST", kind]:
                return self._create(kind, body[kind], headers.get("Idempotency-Key") or "")
            case ["POST", "mandates", identifier, "actions", "cancel"]:
                self.kept["mandates"][identifier]["status"] = "cancelled"
                return 200, {"mandates": self.kept["mandates"][identifier]}
            case ["GET", "payout_items"]:
                return self._listed("payout_items", self.payout_items[query["payout"]], query)
            case ["GET", kind]:
                return self._listed(kind, self._found(kind, query), query)
            case ["GET", kind, identifier] if identifier in self.kept[kind]:
                return 200, {kind: self.kept[kind][identifier]}
        return 404, self.refusal(404, "Resource not found")

    def fail(self, payment: str, action: str, reason: str, at: str) -> str:
        """Something happens to a payment; the event's id is given."""
        self.kept["payments"][payment]["status"] = "charged_back" if action == "charged_back" else "failed"
        identifier = f"EV{len(self.kept['events']) + 1}"
        self.kept["events"][identifier] = {
            "id": identifier,
            "action": action,
            "created_at": at,
            "resource_type": "payments",
            "details": {"scheme": "bacs", "reason_code": reason, "description": "As the bank told"},
            "links": {"payment": payment},
        }
        return identifier

    def webhook(self, *events: str) -> tuple[bytes, str]:
        """The body and the signature with which these events are sent."""
        body = json.dumps({"events": [self.kept["events"][event] for event in events]}).encode()
        return body, hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

    def _create(self, kind: str, wanted: dict[str, Any], key: str) -> Reply:
        if not key:
            return 400, self.refusal(400, "Every create of ours has a key")
        if key in self.keys:
            link = {"links": {"conflicting_resource_id": self.keys[key][1]}}
            return 409, self.refusal(409, "Idempotent creation conflict", **link)
        if kind == "payments" and self.kept["mandates"][wanted["links"]["mandate"]]["status"] == "cancelled":
            return 422, self.refusal(422, "Mandate is cancelled")
        identifier = f"{PREFIXES[kind]}{len(self.kept[kind]) + 1:03}"
        hidden = {"account_number", "branch_code", "iban"}
        shown = {name: value for name, value in wanted.items() if name not in hidden}
        self.kept[kind][identifier] = {"id": identifier, "status": STARTS.get(kind, ""), **shown}
        self.keys[key] = (kind, identifier)
        return 201, {kind: self.kept[kind][identifier]}

    def _found(self, kind: str, query: dict[str, str]) -> list[dict[str, Any]]:
        wanted = {name: query[name] for name in ("mandate", "payment") if name in query}
        since = query.get("charge_date[gte]", "")
        return [
            one
            for one in self.kept[kind].values()
            if wanted.items() <= one["links"].items() and str(one.get("charge_date", "9")) >= since
        ]

    def _listed(self, kind: str, rows: list[dict[str, Any]], query: dict[str, str]) -> Reply:
        start = int(query.get("after") or 0)
        size = min(int(query.get("limit", 50)), self.page)
        after = str(start + size) if start + size < len(rows) else None
        return 200, {kind: rows[start : start + size], "meta": {"cursors": {"after": after}, "limit": size}}
