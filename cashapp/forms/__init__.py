"""Forms of cash application."""
