"""Where the shipped data lies: inside the package in a wheel, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def seeds_folder() -> Path:
    """Return the folder of shipped tables and scenarios."""
    package = Path(__file__).resolve().parent
    inside = package / "seeds"
    return inside if inside.is_dir() else package.parent / "seeds"
