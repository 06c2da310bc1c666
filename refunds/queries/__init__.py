"""What people can ask about duplicate payments and refunds under way."""
