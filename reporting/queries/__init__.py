"""What people can ask across the rooms. Each answer is a handful of statements, whatever the size."""
