"""Checks of public input, one function per concept. A message holds the name, the rule and the value."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
T = TypeVar("T")


class FaultsError(ValueError):
    """
    All faults of one input, reported together.

    Parameters
    ----------
    faults : iterable of str
        One line per fault, with its place and the rule.
    where : str
        The file, or the object that was built.
    """

    def __init__(self, faults: Iterable[str], where: str) -> None:
        self.faults = tuple(faults)
        self.where = where
        super().__init__(self.faults, where)

    def __str__(self) -> str:
        count = len(self.faults)
        return "\n".join((f"{self.where}: {count} fault{'' if count == 1 else 's'}", *self.faults))


def check_choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """Return `value` if it is one of `choices`; the error names the nearest of them."""
    known = tuple(choices)
    if isinstance(value, str) and value in known:
        return value
    raise ValueError(f"{name}: {value!r} is not one of {', '.join(known)}{nearest(value, known)}")


def nearest(value: Any, known: Iterable[str]) -> str:
    """Return ' (did you mean ...?)' for the nearest known word, or an empty string."""
    close = _nearest_word(value, known)
    return "" if close is None else f" (did you mean {close!r}?)"


def _nearest_word(value: Any, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(str(value), list(known), n=1)), None)


def check_number(
    name: str, value: Any, *, low: float = -math.inf, high: float = math.inf, above: bool = False
) -> float:
    """Return `value` as a float if it is a finite number in [low, high], or above `low` where `above` is set."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{name}: must be a number, got {value!r}")
    number = float(value)
    inside = low < number <= high if above else low <= number <= high
    if not (math.isfinite(number) and inside):
        bounds = f"{'above' if above else 'at least'} {low:g}" if math.isfinite(low) else "finite"
        upper = f" and at most {high:g}" if math.isfinite(high) else ""
        raise ValueError(f"{name}: must be {bounds}{upper}, got {value!r}")
    return number


def check_bool(name: str, value: Any) -> bool:
    """Return `value` if it is True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"{name}: must be True or False, got {value!r}")
    return value


def check_count(name: str, value: Any, *, low: int = 1) -> int:
    """Return `value` as an int if it is a whole number of at least `low`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < low:
        raise ValueError(f"{name}: must be a whole number of at least {low}, got {value!r}")
    return int(value)


def check_generator(rng: np.random.Generator | int | None) -> np.random.Generator:
    """Return a Generator from a Generator, a seed, or None (fresh entropy)."""
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None:
        return np.random.default_rng()
    return np.random.default_rng(check_count("rng", rng, low=0))


def check_text(name: str, value: Any, *, empty: bool = False) -> str:
    """Return `value` if it is text, and not blank unless `empty` is set."""
    if not isinstance(value, str) or not (empty or value.strip()):
        raise ValueError(f"{name}: must be {'text' if empty else 'non-empty text'}, got {value!r}")
    return value


def check_utf8(content: bytes) -> str:
    """Return the text of a file's bytes, without a byte-order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"must be UTF-8, got byte 0x{error.object[error.start]:02x} at {error.start}") from error


def key_faults(where: str, mapping: Any, known: Iterable[str], required: Iterable[str] = ()) -> list[str]:
    """Return a fault for each unknown key and for each required one that is missing and not merely misspelt."""
    known = tuple(known)
    if not isinstance(mapping, Mapping):
        return [f"{where}: must be a table of keys and values, got {mapping!r}"]
    unknown = [key for key in mapping if key not in known]
    present = {*mapping, *(_nearest_word(key, known) for key in unknown)}
    faults = [f"{where}: unknown key {key!r}{nearest(key, known)}" for key in unknown]
    return [*faults, *(f"{where}: key {key!r} is missing" for key in required if key not in present)]


def collect(faults: list[str], check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Return the result of `check`; on a ValueError, add its faults to `faults` and return None."""
    try:
        return check(*args, **kwargs)
    except ValueError as error:
        faults.extend(error.faults if isinstance(error, FaultsError) else (str(error),))
        return None
