"""`/healthz`: this process is alive. `/readyz`: it can do its work (database, broker, migrations).

Answered before every other middleware, because a load balancer asks by address, without a host name and without TLS.
"""

import logging
from collections.abc import Callable

from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

logger = logging.getLogger(__name__)


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "alive"})
        if request.path == "/readyz":
            return readiness()
        return self.get_response(request)


def readiness() -> JsonResponse:
    results = {name: _passes(name, check) for name, check in CHECKS.items()}
    ready = all(results.values())
    body = {"status": "ready" if ready else "not ready"} | {k: "ok" if v else "failed" for k, v in results.items()}
    return JsonResponse(body, status=200 if ready else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        logger.exception("The readiness check %r failed.", name)
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _broker_answers() -> bool:
    with current_app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return True


def _cache_answers() -> bool:
    cache.get("readyz")
    return True


def _migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "broker": _broker_answers,
    "cache": _cache_answers,
    "migrations": _migrations_are_applied,
}
