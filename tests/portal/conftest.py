"""The customers and books of invoicing, for those who look at its invoices from outside."""

from tests.invoicing.conftest import *  # noqa: F403
