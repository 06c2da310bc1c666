"""Papers that direct debit sends."""
