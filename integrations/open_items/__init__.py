"""Opening balances out of another program's export: how its columns are read, and what is left out and why."""
