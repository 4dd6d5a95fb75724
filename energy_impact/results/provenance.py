"""The versions that made a result."""

from __future__ import annotations

import platform
from importlib import metadata

_PACKAGES = ("energy_impact", "numpy", "pandas", "scipy", "matplotlib")


def versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of its main dependencies."""
    by_name = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            by_name[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            by_name[package] = "not installed"
    return by_name
