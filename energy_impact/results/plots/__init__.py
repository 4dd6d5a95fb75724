"""Pictures of curves, people and differences."""
