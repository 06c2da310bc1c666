"""Pages of cash application."""
