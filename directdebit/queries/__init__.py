"""What people ask of direct debits."""
