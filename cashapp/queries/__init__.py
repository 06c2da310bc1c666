"""What people can ask about cash."""
