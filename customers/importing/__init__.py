"""From the rows of somebody's file to customers: which column holds what, and what is wrong with a row."""
