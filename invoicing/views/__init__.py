"""Pages about invoices and credit notes."""
