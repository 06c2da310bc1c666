"""The customers and books of invoicing, for other systems that hear of them."""

from tests.invoicing.conftest import *  # noqa: F403
