"""Results: curves with intervals, tables, plots and files."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from energy_impact._deprecated import warn

if TYPE_CHECKING:
    from types import ModuleType

_MOVED = {"storage": "files.storage", "export": "files.run_folder", "text": "terminal"}


def __getattr__(name: str) -> ModuleType:
    """Return a module under its old name."""
    if name not in _MOVED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warn(f"{__name__}.{name} is now called {__name__}.{_MOVED[name]}")
    return importlib.import_module(f"{__name__}.{_MOVED[name]}")
