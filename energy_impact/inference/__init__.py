"""Which histories fit: an ensemble smoother on arrays and a forward function; it knows no model."""
