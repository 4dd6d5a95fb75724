"""Tables of results: summary, impact, conflicts, narrowing."""
