"""Where the shipped data lies: inside the package in a wheel, beside it in a checkout; unpacked if that is a zip."""

from __future__ import annotations

import atexit
import functools
import pkgutil
import shutil
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "energy_impact"


def seeds_folder() -> Path:
    """Return the folder of shipped tables and scenarios."""
    package = Path(__file__).resolve().parent
    inside = package / "seeds"
    if not package.is_dir():
        return _unpacked(package.parent) / PACKAGE / "seeds"
    return inside if inside.is_dir() else package.parent / "seeds"


def shipped_text(module: str, name: str) -> str:
    """Return the text of a file beside a module's package, also from a zip."""
    content = pkgutil.get_data(module, name)
    assert content is not None
    return content.decode()


@functools.cache
def _unpacked(archive: Path) -> Path:
    """Return a temporary folder with the data of a zipped package; it goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PACKAGE}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with zipfile.ZipFile(archive) as file:
        file.extractall(folder, [name for name in file.namelist() if name.startswith(f"{PACKAGE}/seeds/")])
    return folder
