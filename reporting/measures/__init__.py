"""Measures of receivables as pure functions with their definitions, formulas and sources. No database, no clock."""
