"""The stream from the broker into the database: nothing is acknowledged before it is committed."""
