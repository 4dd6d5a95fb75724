"""What `import energy_impact`, and its first use, cost beyond `import numpy`."""

from __future__ import annotations

import subprocess
import sys

import pytest


def start(module, use=""):
    subprocess.run([sys.executable, "-c", f"import {module}; {use}"], check=True)


@pytest.mark.benchmark(group="import")
def test_import(benchmark, least, report):
    benchmark.pedantic(start, args=("energy_impact",), rounds=7, warmup_rounds=1)
    if benchmark.stats is None:
        return
    own, numpy = benchmark.stats.stats.min, least(lambda: start("numpy"), 7)
    used = least(lambda: start("energy_impact", "energy_impact.estimate"), 7)
    report("import_s_over_numpy", own - numpy, f"{own - numpy:.2f} s ({own:.2f} s against {numpy:.2f} s)")
    report("first_use_s_over_numpy", used - numpy, f"{used - numpy:.2f} s with the import that `ei.estimate` needs")
