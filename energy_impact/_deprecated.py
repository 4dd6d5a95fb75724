"""Old ways to call a public function: they work for one release, and warn."""

from __future__ import annotations

import warnings
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


def warn(sentence: str) -> None:
    """Warn the caller of the function that calls this."""
    warnings.warn(f"{sentence}; the old way ends with version 0.2", DeprecationWarning, stacklevel=3)


def renamed(old: str, new: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that lets a keyword be given by its old name."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def call(*given: object, **named: object) -> T:
            if old in named and new not in named:
                warn(f"{function.__name__}: {old} is now called {new}")
                named[new] = named.pop(old)
            return function(*given, **named)  # type: ignore[arg-type]

        return cast("Callable[P, T]", call)

    return decorate


def by_name(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that lets a method's keyword-only argument be given as its one positional argument."""

    def decorate(method: Callable[P, T]) -> Callable[P, T]:
        @wraps(method)
        def call(self: object, *given: object, **named: object) -> T:
            if len(given) == 1 and name not in named:
                warn(f"{method.__name__}: give {name} by name")
                return method(self, **named, **{name: given[0]})  # type: ignore[arg-type]
            return method(self, *given, **named)  # type: ignore[arg-type]

        return cast("Callable[P, T]", call)

    return decorate
