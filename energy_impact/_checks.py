"""Checks of public input, one function per concept. A message holds the name, the rule and the value."""

from __future__ import annotations

import difflib
import math
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_TEXT = 10_000
"""Longest text of a cell or an argument. [characters]"""
LARGEST_INT_BITS = 10_000
"""Larger whole numbers of unknown columns are kept as text."""
LONGEST_SHOWN = 100
"""Most of a value that an error shows. [characters]"""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters apart from tab and line ends, lone surrogates, and what is no character."""
_NOT_A_NUMBER = (bool, np.bool_, np.timedelta64)
"""Types that Python's own tests take for numbers."""


class RefusedError(ValueError):
    """A scenario that is sound by itself, but that the model or this machine cannot run."""


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


def brief(value: object) -> str:
    """Return a value as errors show it, cut to `LONGEST_SHOWN` characters."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  # a value that cannot be shown must not hide the error about it
        text = f"a value of type {type(value).__name__} that cannot be shown"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def check_choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """Return the one of `choices` that `value` is, as it is or in composed form; the error names the nearest."""
    known = tuple(choices)
    for text in (value, composed(value)):
        if isinstance(text, str) and text in known:
            return text
    raise ValueError(f"{name}: {brief(value)} is not one of {', '.join(known)}{nearest(value, known)}")


def nearest(value: Any, known: Iterable[str]) -> str:
    """Return ' (did you mean ...?)' for the nearest known word, or an empty string."""
    close = _nearest_word(value, known)
    return "" if close is None else f" (did you mean {close!r}?)"


def _nearest_word(value: Any, known: Iterable[str]) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_SHOWN:
        return None
    return next(iter(difflib.get_close_matches(value, list(known), n=1)), None)


def as_float(name: str, value: Any) -> float:
    """Return a number as a float, inf if it is too large for one; NaN and inf pass."""
    if isinstance(value, _NOT_A_NUMBER) or not isinstance(value, Real):
        raise ValueError(f"{name}: must be a number, got {brief(value)}")
    try:
        return float(value)
    except OverflowError:
        return -math.inf if abs(value) != value else math.inf


def check_number(
    name: str, value: Any, *, low: float = -math.inf, high: float = math.inf, above: bool = False
) -> float:
    """Return `value` as a float if it is a finite number in [low, high], or above `low` where `above` is set."""
    number = as_float(name, value)
    inside = low < number <= high if above else low <= number <= high
    if not (math.isfinite(number) and inside):
        bounds = f"{'above' if above else 'at least'} {low:g}" if math.isfinite(low) else "finite"
        upper = f" and at most {high:g}" if math.isfinite(high) else ""
        raise ValueError(f"{name}: must be {bounds}{upper}, got {brief(value)}")
    return number


def check_numbers(name: str, value: Any) -> tuple[float, ...]:
    """Return a non-empty sequence of finite numbers as floats."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or not len(value):
        raise ValueError(f"{name}: must be a non-empty sequence of numbers, got {brief(value)}")
    return tuple(check_number(name, number) for number in value)


def check_array(name: str, value: Any) -> NDArray[np.float64]:
    """Return numbers of any shape as float64, inf where one is too large; NaN and inf pass."""
    try:
        given = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name}: must be numbers in rows of one length, got {brief(value)}") from error
    if given.dtype.kind in "iuf":
        return given.astype(np.float64)
    if given.dtype.kind != "O":
        raise ValueError(f"{name}: must be numbers, got {brief(value)}")
    return np.array([as_float(name, cell) for cell in given.flat], np.float64).reshape(given.shape)


def check_bool(name: str, value: Any) -> bool:
    """Return `value` if it is True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"{name}: must be True or False, got {brief(value)}")
    return value


def check_count(name: str, value: Any, *, low: int = 1, high: float = math.inf) -> int:
    """Return `value` as an int if it is a whole number in [low, high]."""
    if isinstance(value, _NOT_A_NUMBER) or not isinstance(value, Integral) or not low <= int(value) <= high:
        upper = f" and at most {high:g}" if math.isfinite(high) else ""
        raise ValueError(f"{name}: must be a whole number of at least {low}{upper}, got {brief(value)}")
    return int(value)


def check_type(name: str, value: Any, kind: type[T], what: str) -> T:
    """Return `value` if it is of a type; `what` names the type in the error."""
    if not isinstance(value, kind):
        raise ValueError(f"{name}: must be {what}, got {brief(value)}")
    return value


def check_pair(name: str, value: Any) -> tuple[Any, Any]:
    """Return a pair as a tuple."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(f"{name}: must be a pair, got {brief(value)}")
    return value[0], value[1]


def check_path(name: str, value: Any) -> Path:
    """Return a path that a file may have."""
    if not isinstance(value, str | os.PathLike) or not isinstance(os.fspath(value), str):
        raise ValueError(f"{name}: must be a path, got {brief(value)}")
    text = os.fspath(value)
    if not text.strip() or "\0" in text:
        raise ValueError(f"{name}: must be a path without NUL and not empty, got {brief(value)}")
    try:
        os.fsencode(text)
    except UnicodeError:
        raise ValueError(f"{name}: must be a path that the system can name, got {brief(value)}") from None
    return Path(text)


def check_callable(name: str, value: Any) -> None:
    """Raise a ValueError unless `value` is None or can be called."""
    if value is not None and not callable(value):
        raise ValueError(f"{name}: must be a function or None, got {brief(value)}")


def check_generator(rng: np.random.Generator | int | None) -> np.random.Generator:
    """Return a Generator from a Generator, a seed, or None (fresh entropy)."""
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None:
        return np.random.default_rng()
    return np.random.default_rng(check_count("rng", rng, low=0))


def check_text(name: str, value: Any, *, empty: bool = False) -> str:
    """Return `value` as `plain_text` does if it is text, and not blank unless `empty` is set."""
    if not isinstance(value, str) or not (empty or value.strip()):
        raise ValueError(f"{name}: must be {'text' if empty else 'non-empty text'}, got {brief(value)}")
    try:
        return plain_text(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def composed(value: T) -> T:
    """Return a text in Unicode's composed form (NFC), in which names are kept; any other value as it is."""
    if isinstance(value, str) and not value.isascii():
        return cast("T", unicodedata.normalize("NFC", value))
    return value


def plain_text(text: str) -> str:
    """Return text in Unicode's composed form (NFC), so that equal letters are equal, if all of it can be shown."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"must have at most {LONGEST_TEXT} characters, got {len(text)}")
    if text.isascii() and text.isprintable():
        return text
    found = _UNPRINTABLE.search(text)
    if found:
        raise ValueError(f"must not hold the character U+{ord(found[0]):04X}, got {brief(text)}")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


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
        return [f"{where}: must be a table of keys and values, got {brief(mapping)}"]
    unknown = [key for key in mapping if key not in known]
    present = {*mapping, *(_nearest_word(key, known) for key in unknown)}
    faults = [f"{where}: unknown key {brief(key)}{nearest(key, known)}" for key in unknown]
    return [*faults, *(f"{where}: key {key!r} is missing" for key in required if key not in present)]


def collect(faults: list[str], check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Return the result of `check`; on a ValueError, add its faults to `faults` and return None."""
    try:
        return check(*args, **kwargs)
    except ValueError as error:
        faults.extend(error.faults if isinstance(error, FaultsError) else (str(error),))
        return None
