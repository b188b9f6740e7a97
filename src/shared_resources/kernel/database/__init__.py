"""PostgreSQL: engine and pool, transactions, refusals of constraints, the embedded server, LISTEN."""
