"""Results: curves with intervals, tables, plots and files."""
