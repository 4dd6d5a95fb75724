"""What makes a reading doubtful, and by how much."""

from __future__ import annotations

DOUBTS = {
    "bare": 0.1,
    "inherited": 0.08,
    "before": 0.1,
    "far": 0.15,
    "system": 0.17,
    "carried": 0.2,
    "negated": 0.18,
    "future": 0.1,
    "several": 0.08,
    "earlier": 0.1,
    "share": 0.17,
    "peak": 0.1,
    "rival": 0.17,
    "vague": 0.09,
    "crowded": 0.06,
    "whole": 0.18,
}
"""What each kind of doubt takes from the confidence in a figure. (set on sentences it was not tuned on)"""
