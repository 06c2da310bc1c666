"""What importing a statement would do: which account it belongs to, what of it is new, and why it may not be taken."""
