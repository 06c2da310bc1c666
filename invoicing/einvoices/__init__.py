"""Structured invoices of EN 16931: one content, written as CII or UBL, and read back from either."""
