"""What we tell: curves with intervals, tables, plots and files."""
