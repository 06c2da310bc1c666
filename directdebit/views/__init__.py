"""Pages of direct debits."""
