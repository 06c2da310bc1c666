"""Pages of duplicate payments and of payments of refunds."""
