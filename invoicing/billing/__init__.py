"""From what contract lines owe to invoices: kinds, grouping, rows and what stands in the way. Pure."""
