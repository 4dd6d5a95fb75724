"""
Print the oldest versions that pyproject.toml allows, one requirement per line, such as numpy==2.0.

    python .ci/oldest.py                 # of everything: a constraints file for pip
    python .ci/oldest.py lint            # of one extra or more: requirements to install
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
FLOOR = re.compile(r"([\w-]+)>=([\w.]+)")


def oldest(extras: list[str]) -> list[str]:
    """Return `name==floor` for the dependencies of some extras; without any, of the package and all its extras."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"]
    chosen = [groups[extra] for extra in extras] if extras else [project["dependencies"], *groups.values()]
    lines = [line for group in chosen for line in group if not line.startswith(f"{project['name']}[")]
    matches = {line: FLOOR.fullmatch(line) for line in lines}
    without = [line for line, match in matches.items() if match is None]
    if without:
        sys.exit(f"pyproject.toml: a dependency must read name>=version, got {', '.join(without)}")
    return [f"{match[1]}=={match[2]}" for match in matches.values() if match]


if __name__ == "__main__":
    print("\n".join(oldest(sys.argv[1:])))
