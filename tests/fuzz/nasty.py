"""Values that broke something somewhere, and random changes of texts and bytes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 0.5, -0.5, 1e-320, 1e300, -1e300, float("nan"), float("inf"), -float("inf")),
    *(10**30, 10**400, -(10**400), 10**5000, 1j, Fraction(1, 3), Decimal(1), Decimal("NaN"), Decimal("sNaN")),
    *(
        "",
        " ",
        "x",
        "0.5",
        "Kyiv",
        "heat_buildings_out",
        "storm",
        "unknown",
        "UTC",
        "\0",
        "\ud800",
        "\u202e",
        "x" * 9999,
    ),
    *("2026-01-24T09:00+02:00", "2026-01-24T09:00", "2026-01-24", "0001-01-01T00:00Z", "9999-12-31T23:59Z"),
    *(
        b"",
        b"x",
        bytearray(b"x"),
        [],
        [1],
        [1, 2],
        [2, 1],
        ["Kyiv"],
        [["a", "b"]],
        [None],
        (),
        (0.5,),
        (1, 2),
        (1, "2"),
    ),
    *({}, {"a": 1}, {1: 2}, set(), {0.5}, frozenset({"x"}), range(3), range(0), iter([1]), object(), type, len, print),
    *(np.int64(3), np.float32(0.5), np.bool_(True), np.timedelta64(1, "h"), np.datetime64("2026-01-24"), np.nan),
    *(np.array(3), np.array([]), np.array([0.5, 0.9]), np.array(["x"]), np.zeros((2, 2)), np.array([None])),
    *(pd.NA, pd.NaT, pd.Timestamp("2026-01-24"), pd.Timestamp("2026-01-24T09:00Z"), pd.Timedelta(1, "h")),
    *(pd.Series([1.0]), pd.Series([1.0], pd.DatetimeIndex(["2026-01-24T09:00Z"])), pd.DataFrame(), pd.Index([1])),
    *(dt.date(2026, 1, 24), dt.datetime(2026, 1, 24), dt.time(9), dt.timedelta(hours=1)),  # noqa: DTZ001
    *(Fraction(3, 4), Decimal("0.5"), -0.0, 5e-324, np.float16(0.5), np.longdouble(0.75), np.str_("Kyiv"), 10**18),
    *((number for number in (1, 2)), dt.datetime(2026, 1, 24, 9, tzinfo=dt.timezone(dt.timedelta(seconds=7)))),
    *(Path("x"), Path("a\0b"), ValueError("x"), NotImplemented, ...),
)

CELLS = (
    *("", " ", "nan", "NaN", "inf", "-inf", "None", "1e999", "-1", "0", "0.5", "1.94", "6.000", "1.200.000", "1,000"),
    *("6 000", "9" * 5000, "0." + "0" * 5000 + "1", "1_000", "٣", "=1+1", "@x", "-x", "+x", "\t", "'", '"', '""', "\r"),
    *("\0", "\x1b[2J", "\x7f", "\u202e", "\ufeff", "и\u0306", "Київ", "x" * 20_000, "{}", "[]", "true", "null", "%s"),
    *(
        "5e-324",
        "1e-300",
        "0.001",
        "-0.0",
        "６",
        "½",
        "1e400",
        "0,5",
        "6\u202f000",
        "\u22126",
        "localtime",
        "right/UTC",
    ),
    *("2016-12-31T23:59:60Z", "2262-04-11T23:47Z", "1677-09-22T00:00Z", "2026-01-24T09:00-00:00", "01/02/2026 09:00Z"),
    *("2026-01-24", "2026-01-24T09:00", "2026-13-01T00:00Z", "2026-01-24T25:00Z", "0001-01-01T00:00Z", "24:00"),
    *("9999-12-31T23:59:59Z", "2026-01-24T09:00+99:00", "2026-W04-6T09Z", "2026-03-29T03:30+02:00", "1e5", "0x10"),
    *("stock", "flow", "about", "exact", "range", "all", "none", "hundreds", "share", "count", "Kyiv", "12001"),
    *(
        "power_customers_out",
        "air_temperature_c",
        "people_killed",
        "context_statement",
        "storm",
        "attack",
        "UTC",
        "-300",
    ),
)


def pick(rng: np.random.Generator, of: Sequence[Any]) -> Any:
    """Return one of a sequence."""
    return of[int(rng.integers(len(of)))]


def changed_text(rng: np.random.Generator, text: str) -> str:
    """Return a text with one to three words, lines or letters changed, or a word replaced by a nasty one."""
    for _ in range(int(rng.integers(1, 4))):
        first, last = sorted(int(place) for place in rng.integers(len(text) + 1, size=2))
        last = min(last, first + int(rng.choice([1, 3, 30])))
        way = rng.integers(4)
        if way == 0:
            text = text[:first] + text[last:]
        elif way == 1:
            text = text[:first] + str(pick(rng, CELLS)) + text[last:]
        elif way == 2:
            text = text[:last] + text[first:last] + text[last:]
        else:
            text = text[:first] + chr(int(rng.integers(1, 0x250))) + text[first:]
    return text


def changed_bytes(rng: np.random.Generator, content: bytes) -> bytes:
    """Return bytes with some changed, cut off or repeated."""
    found = bytearray(content)
    for place in rng.integers(max(len(found), 1), size=rng.integers(1, 6)):
        found[place : place + 1] = bytes([int(rng.integers(256))])
    if rng.random() < 0.2:
        del found[int(rng.integers(len(found))) :]
    return bytes(found)
