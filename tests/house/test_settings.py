"""Production refuses to load settings that only fit a developer's machine."""

import os
import secrets
import subprocess
import sys

import pytest

from o2c.local.paths import BASE_DIR

SAFE = {
    "O2C_ENVIRONMENT": "production",
    "O2C_SECRET_KEY": secrets.token_urlsafe(64),
    "O2C_ALLOWED_HOSTS": "receivables.example",
    "DATABASE_URL": "postgresql://o2c:secret@database/o2c",
    "REDIS_URL": "redis://broker:6379/0",
}
SHOW = (
    "from o2c import settings as s;"
    "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)"
)


def load(**changes: str) -> subprocess.CompletedProcess[str]:
    return run_with({"PATH": os.defpath} | SAFE | changes)


def run_with(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SHOW]
    return subprocess.run(command, check=False, cwd=BASE_DIR, env=environment, capture_output=True, text=True)


def test_production_loads_with_safe_settings_and_secure_cookies() -> None:
    result = load()

    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == ["False", "True", "True", "True", "True"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"O2C_SECRET_KEY": ""}, "needs O2C_SECRET_KEY"),
        ({"O2C_SECRET_KEY": "short"}, "needs O2C_SECRET_KEY"),
        ({"O2C_SECRET_KEY": "ab" * 40}, "needs O2C_SECRET_KEY"),
        ({"O2C_DEBUG": "true"}, "never runs with O2C_DEBUG"),
        ({"O2C_ALLOWED_HOSTS": ""}, "needs O2C_ALLOWED_HOSTS"),
        ({"O2C_ALLOWED_HOSTS": "*"}, "needs O2C_ALLOWED_HOSTS"),
        ({"O2C_ALLOWED_HOSTS": "receivables.example,*"}, "needs O2C_ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "needs DATABASE_URL"),
        ({"REDIS_URL": ""}, "needs REDIS_URL"),
        ({"O2C_ENVIRONMENT": "prod"}, "must be development or production"),
    ],
)
def test_production_refuses_what_is_unsafe(changes: dict[str, str], sentence: str) -> None:
    result = load(**changes)

    assert result.returncode != 0
    assert sentence in result.stderr


def test_production_never_runs_on_the_development_secret() -> None:
    result = run_with({"PATH": os.defpath} | {name: value for name, value in SAFE.items() if "SECRET" not in name})

    assert result.returncode != 0
    assert "needs O2C_SECRET_KEY" in result.stderr


def test_development_needs_nothing() -> None:
    result = run_with({"PATH": os.defpath})

    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == ["True", "False", "False", "False", "False"]
