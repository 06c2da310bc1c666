import pytest

from o2c import local


def pytest_configure(config: pytest.Config) -> None:
    local.start_servers_or_exit()
