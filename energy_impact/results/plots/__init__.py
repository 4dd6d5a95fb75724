"""Plots of curves, people and differences."""
