"""Forms of collections."""
