"""What makes a reading doubtful, and by how much."""

from __future__ import annotations

DOUBTS = {
    "bare": 0.1,
    "inherited": 0.08,
    "before": 0.1,
    "far": 0.15,
    "system": 0.2,
    "carried": 0.2,
    "negated": 0.2,
    "future": 0.2,
    "order": 0.2,
    "several": 0.08,
    "earlier": 0.1,
    "share": 0.2,
    "peak": 0.1,
    "rival": 0.2,
    "vague": 0.09,
    "crowded": 0.06,
    "whole": 0.2,
    "departed": 0.2,
    "place": 0.2,
    "season": 0.3,
    "beside": 0.2,
}
"""
What each kind of doubt takes: confidence is that in a sure figure times exp of minus the sum of its doubts.

Set on texts that were read for the first time.
"""
