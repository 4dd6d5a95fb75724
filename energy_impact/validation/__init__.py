"""Validation: scores, backtests and calibration."""
