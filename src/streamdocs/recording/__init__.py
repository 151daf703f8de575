"""What micro-batches did: tables, records of queries, and the one who records them."""
