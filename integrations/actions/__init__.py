"""What is done across the rooms."""

from integrations.actions.companies import open_company
from integrations.actions.open_items import import_open_items

__all__ = ["import_open_items", "open_company"]
