"""Forms about direct debits. They check shape; what may be done is the actions' question."""
