"""What people can ask about customers."""

from customers.queries.duplicates import Suspect, possible_duplicates
from customers.queries.lists import CustomerFilter, ViewTab, customer_list, tabs_of
from customers.queries.pages import CustomerDetails, details_of
from customers.queries.requirements import requirements_of
from customers.queries.search import customers_found
from customers.queries.visible import customer_for, visible_customers

__all__ = [
    "CustomerDetails",
    "CustomerFilter",
    "Suspect",
    "ViewTab",
    "customer_for",
    "customer_list",
    "customers_found",
    "details_of",
    "possible_duplicates",
    "requirements_of",
    "tabs_of",
    "visible_customers",
]
