"""`python -m energy_impact` is the command line."""

from __future__ import annotations

import sys

from energy_impact.cli import main

if __name__ == "__main__":
    sys.exit(main())
