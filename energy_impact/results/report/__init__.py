"""The report page: one HTML document."""
