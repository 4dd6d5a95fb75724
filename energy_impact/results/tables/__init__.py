"""Tables of what the members say: summary, impact, conflicts, what narrows."""
