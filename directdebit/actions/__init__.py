"""What people can do with direct debits."""
