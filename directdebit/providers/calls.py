"""The way out to a provider: one client with time limits, a record of every exchange, and patience where it is asked.

What may be asked twice without harm is asked again after a fault; anything else is asked once and, when no answer
comes, ends as Unanswered: only a search tells then whether it was done.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx

from directdebit.providers.masking import masked, masked_text
from directdebit.providers.protocol import RateLimited, Unanswered

SECONDS = 20.0
AT_ONCE = 2
TRIES = 3
LONGEST_WAIT = 20.0
FAULTS = frozenset({500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back, fit to be kept: bank details and secrets are masked already."""

    method: str
    path: str
    asked: str
    status: int | None
    answered: str
    error: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer whose numbers are exact."""

    status: int
    data: Any
    headers: Mapping[str, str]


def no_pause(seconds: float) -> None:
    """For tests that wait for nothing."""


class Caller:
    """Speaks to one provider; `tell` is given every exchange, also those without an answer."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        tell: Callable[[Exchange], object],
        *,
        seconds: float = SECONDS,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self.tell, self.pause = tell, pause
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        self.client = httpx.Client(
            base_url=base_url, headers=dict(headers), timeout=seconds, limits=limits, follow_redirects=False
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> Answer:
        """Send a request. `again` says that sending it twice does no harm, so that a fault is worth another try."""
        for left in reversed(range(TRIES if again else 1)):
            try:
                answer = self._once(method, path, query, body, headers)
            except Unanswered:
                if not left:
                    raise
                continue
            if answer.status == 429:
                self._wait(answer, path, left)
            elif answer.status not in FAULTS:
                return answer
            elif not left:
                raise Unanswered(f"The provider failed with {answer.status} at {path}. It is asked again later.")
        raise Unanswered(f"The provider did not answer at {path}.")

    def _wait(self, answer: Answer, path: str, left: int) -> None:
        """A request over the limit was not carried out; wait as long as the provider says, where that is short."""
        wanted = answer.headers.get("retry-after", "")
        seconds = float(wanted) if wanted.isdigit() else LONGEST_WAIT
        if not left or seconds > LONGEST_WAIT:
            raise RateLimited(f"The provider takes no more requests at {path} for {seconds:.0f} seconds.")
        self.pause(seconds)

    def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        asked = json.dumps(masked({**(query or {}), **(body or {})}), ensure_ascii=False, default=str)
        began = time.monotonic()
        try:
            content = None if body is None else json.dumps(body).encode()
            kind = {"Content-Type": "application/json"} if body is not None else {"Content-Length": "0"}
            response = self.client.request(
                method,
                path,
                params=query,
                content=content,
                headers={**(kind if method != "GET" else {}), **(headers or {})},
            )
        except httpx.HTTPError as failure:
            self._told(method, path, asked, None, "", type(failure).__name__, began)
            raise Unanswered(f"The provider did not answer at {path} ({type(failure).__name__}).") from failure
        self._told(method, path, asked, response.status_code, masked_text(response.text), "", began)
        return Answer(response.status_code, _data(response), response.headers)

    def _told(
        self, method: str, path: str, asked: str, status: int | None, answered: str, error: str, began: float
    ) -> None:
        milliseconds = int((time.monotonic() - began) * 1000)
        self.tell(Exchange(method, path, asked, status, answered, error, milliseconds))


def _data(response: httpx.Response) -> Any:
    """Amounts stay exact: what has a point becomes a Decimal. What is no JSON is no data."""
    try:
        return json.loads(response.text or "null", parse_float=Decimal)
    except ValueError:
        return None
