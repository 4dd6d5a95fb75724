"""Every kind of input, with what a case of it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz import cases, more_cases, odd_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np

KINDS: dict[str, Callable[[np.random.Generator, Path], None]] = {
    "figures": cases.figures,
    "scenario": cases.scenario,
    "weather": cases.weather,
    "series": cases.series,
    "saved": cases.saved,
    "calls": cases.calls,
    "words": cases.words,
    "text": more_cases.text,
    "what_if": more_cases.what_if,
    "options": more_cases.options,
    "outages": more_cases.outages,
    "sheets": more_cases.sheets,
    "files": odd_files.files,
    "frames": odd_files.frames,
    "sheet_parts": odd_files.sheet_parts,
}
"""It raises an AssertionError where nonsense is accepted."""
