"""Which versions made a result."""

from __future__ import annotations

import platform
from importlib import metadata

_PACKAGES = ("energy_impact", "numpy", "pandas", "scipy", "matplotlib")


def versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of what it builds on."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found
