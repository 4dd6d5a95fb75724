"""Are we right: scores, backtests and calibration."""
