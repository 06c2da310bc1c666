"""What spans all rooms: whole ledgers and opening balances coming in, the demo company."""
