"""The same seed gives the same answer on any processor: other kernels of BLAS, other vector units, other hash seeds."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

FIT = """
import json, sys
import energy_impact as ei
found = {}
for name in ("kharkiv-2026-02-03", "kyiv-2022-11-23"):
    estimate = ei.estimate(ei.load_scenario(name), members=256, rng=1)
    table = estimate.summary().select_dtypes("number").fillna(-1).replace(float("inf"), -2)
    found[name] = [estimate.fit_text, table.to_numpy().tolist()]
json.dump(found, sys.stdout)
"""
CLOSE = 1e-3
"""Largest difference of a quantile that is promised, as a share of it."""


def answer(**settings):
    done = subprocess.run([sys.executable, "-c", FIT], env=os.environ | settings, capture_output=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def usual():
    return answer(PYTHONHASHSEED="1")


@pytest.mark.parametrize(
    "settings",
    [
        {"OPENBLAS_CORETYPE": "Nehalem"},
        {"OPENBLAS_CORETYPE": "Haswell"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512_SKX AVX2 FMA3"},
    ],
    ids=lambda settings: " ".join(settings.values()),
)
def test_another_kernel_gives_the_same_status_and_the_same_quantiles(settings, usual):
    one, other = json.loads(usual), json.loads(answer(**settings))
    for name, (status, table) in one.items():
        assert other[name][0] == status
        np.testing.assert_allclose(other[name][1], table, rtol=CLOSE, atol=1e-6)


def test_another_order_of_sets_gives_the_same_bits(usual):
    assert answer(PYTHONHASHSEED="2") == usual
