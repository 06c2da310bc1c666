"""What people can ask about invoices and credit notes."""
