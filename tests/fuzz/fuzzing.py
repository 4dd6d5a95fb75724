"""
The seeded fuzzer: random inputs, of which each is either refused with place and rule, or makes sense.

    python -m tests.fuzz.fuzzing                          # 1,000 cases, seed 1
    python -m tests.fuzz.fuzzing --cases 13000 --seed 7   # any number
    python -m tests.fuzz.fuzzing --kind calls --first 4711 --cases 1 --seed 7    # one case again

A case depends on seed, kind and number alone, so a stopped sweep goes on with `--first`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

import numpy as np

from tests.fuzz.kinds import KINDS
from tests.fuzz.sweeping import run_numbers

try:
    import resource
except ImportError:  # Windows
    resource = None

SLOWEST_S = 20.0
"""Most CPU time of a case. [s]"""
LARGEST_MB = 1024.0
"""Most memory of the process at a time. [MB]"""
RULE = re.compile(
    r"must|needs?\b|missing\b|is not one of|unknown key|no curve for|not a saved|damaged|cannot be read"
    r"|not a parameter|index a curve|were not|is not a place|has no column|not a figure|exceeds|saved by version"
)
"""Words of which every message has one: it states a rule."""


def run_case(kind: str, seed: int, number: int) -> tuple[str, str | None]:
    """Return what became of a case, "accepted" or "refused", and what is wrong with that, or None."""
    rng = np.random.default_rng([seed, sorted(KINDS).index(kind), number])
    began, before = time.process_time(), peak_mb()
    end, fault = "accepted", None
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        try:
            KINDS[kind](rng, Path(folder))
        except (ValueError, OSError) as error:
            end = "refused"
            if isinstance(error, ValueError) and not RULE.search(str(error)):
                fault = f"no rule in the message: {_last_lines()}"
        except TypeError as error:
            documented = re.search(r"unexpected keyword|required (positional|keyword)|positional argument", str(error))
            end, fault = "refused", None if documented else _last_lines()
        except BaseException:  # noqa: BLE001  # anything else is what is looked for
            fault = _last_lines()
    spent = time.process_time() - began
    slow = f"took {spent:.0f} s" if spent > SLOWEST_S else None
    large = f"took {peak_mb():.0f} MB" if peak_mb() > max(before, LARGEST_MB) else None
    return end, fault or slow or large


def peak_mb() -> float:
    """Return the most memory that the process has had [MB]; 0 where the system does not say."""
    if resource is None:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def _last_lines() -> str:
    return "\n".join(traceback.format_exc().splitlines()[-5:])[-1500:]


@contextlib.contextmanager
def _quiet():
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def sweep(
    seed: int, numbers: range, *, kinds: tuple[str, ...] = tuple(KINDS), go_on: str = "--first {}"
) -> tuple[dict[str, dict[str, int]], int, int]:
    """Run cases and print faults; return how many of each kind were accepted and refused, how many ran, and failed."""
    counts = {kind: {"accepted": 0, "refused": 0} for kind in kinds}

    def check(number: int) -> list[str]:
        kind = kinds[number % len(kinds)]
        end, fault = run_case(kind, seed, number)
        counts[kind][end] += 1
        return [f"--- seed {seed}, {kind}, case {number}\n{fault}"] if fault else []

    return counts, *run_numbers(numbers, check, go_on)


def main() -> int:
    """Run a sweep from the command line and print its counts and faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kind", choices=KINDS)
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    kinds = (options.kind,) if options.kind else tuple(KINDS)
    go_on = f"--seed {options.seed} --first {{}}" + (f" --kind {options.kind}" if options.kind else "")
    numbers = range(options.first, options.first + options.cases)
    counts, done, failed = sweep(options.seed, numbers, kinds=kinds, go_on=go_on)
    for kind, ends in counts.items():
        print(f"{kind}: {ends['accepted']} accepted, {ends['refused']} refused")
    spent = f"{time.process_time():.0f} s of CPU time, {peak_mb():.0f} MB at most"
    print(f"seed {options.seed}: {done} cases, {failed} faults; {spent}")
    return bool(failed) or done < options.cases


if __name__ == "__main__":
    sys.exit(main())
