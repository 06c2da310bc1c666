"""The statement on paper and as a workbook, in the customer's language."""
