"""What makes a reading doubtful, and by how much."""

from __future__ import annotations

DOUBTS = {
    "bare": 0.08,
    "inherited": 0.05,
    "before": 0.1,
    "far": 0.15,
    "system": 0.12,
    "carried": 0.2,
    "negated": 0.15,
    "future": 0.1,
    "several": 0.08,
    "earlier": 0.08,
    "share": 0.12,
    "peak": 0.1,
    "rival": 0.12,
    "vague": 0.09,
    "crowded": 0.06,
    "whole": 0.18,
}
"""What each kind of doubt takes from the confidence in a figure. (set on sentences it was not tuned on)"""
