"""What `import energy_impact`, and its first use, cost beyond `import numpy`."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ROUNDS = 7


def start(code):
    """Return the CPU time of a Python process [s]."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.mark.benchmark(group="import")
def test_import(benchmark, report):
    benchmark.pedantic(start, args=("import energy_impact",), rounds=1)
    if benchmark.stats is None:
        return
    every = ("import numpy", "import energy_impact", "import energy_impact; energy_impact.estimate")
    numpy, own, used = (min(start(code) for _ in range(ROUNDS)) for code in every)
    report("import_s_over_numpy", own - numpy, f"{own - numpy:.2f} s of CPU ({own:.2f} s against {numpy:.2f} s)")
    report("first_use_s_over_numpy", used - numpy, f"{used - numpy:.2f} s with the import that `ei.estimate` needs")
