"""Papers of clauses, read and examined: contracts and rules of employment."""
