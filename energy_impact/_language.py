"""What is said to people, in the language in force: messages, plural forms, numbers and days.

Messages stand in English in the code and are looked up in the catalogue of the language, `translations/*.po`. A
catalogue also says how the language writes numbers and dates, so that a new language is a new file and no code.
"""

from __future__ import annotations

import contextlib
import gettext
import re
import string
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from energy_impact._catalogue import translations
from energy_impact._checks import check_choice
from energy_impact._data import shipped_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

ENGLISH = "en"
CATALOGUES = "translations"
NUMBER = "-1,234.5"
"""Message by which a catalogue shows how it writes a number: minus, thousands and decimals."""
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_IN_FORCE: ContextVar[str] = ContextVar("language", default=ENGLISH)
_FIGURE = re.compile(r"-?\d[\d,]*\.?\d*")


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that answers can be given in: English, and each with a catalogue."""
    folder = resources.files("energy_impact") / CATALOGUES
    return (ENGLISH, *sorted(file.name.removesuffix(".po") for file in folder.iterdir() if file.name.endswith(".po")))


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let everything inside be said in a language.

    Raises
    ------
    ValueError
        If there is no catalogue for it; the message lists those that there are.
    """
    token = _IN_FORCE.set(check_choice("language", language, languages()))
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def language() -> str:
    """Return the code of the language in force."""
    return _IN_FORCE.get()


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    if code == ENGLISH:
        return gettext.NullTranslations()
    return translations(shipped_text("energy_impact", f"{CATALOGUES}/{code}.po"))


def say(message: str, /, **values: object) -> str:
    """
    Return a message in the language in force, with its values; numbers are written as the language writes them.

    A translation may use any of the values, whether the English message does or not.

    Examples
    --------
    >>> say("{count:,} members", count=2048)
    '2,048 members'
    >>> with speaking("uk"):
    ...     say("{low} to {high}", low=1.5, high="2")
    '1,5 – 2'
    """
    return _filled(_catalogue(language()).gettext(message), values)


def say_as(context: str, message: str, /, **values: object) -> str:
    """Return a message that one word in English has several words for elsewhere; `context` tells them apart."""
    return _filled(_catalogue(language()).pgettext(context, message), values)


def say_plural(one: str, many: str, number: int, /, **values: object) -> str:
    """
    Return a message in the form that its number needs.

    Examples
    --------
    >>> [say_plural("{number} day", "{number} days", number, number=number) for number in (1, 5)]
    ['1 day', '5 days']
    """
    return _filled(_catalogue(language()).ngettext(one, many, number), values)


def say_count(message: str, number: float, /, **values: object) -> str:
    """Return a message in the form that its number needs, where English has only one."""
    return _filled(_catalogue(language()).ngettext(message, message, _whole(number)), values)


def say_count_as(context: str, message: str, number: float, /, **values: object) -> str:
    """Return a message in the form that its number needs, where English has one form, and one word for several."""
    return _filled(_catalogue(language()).npgettext(context, message, message, _whole(number)), values)


def _whole(number: float) -> int:
    """Return the number whose form another one takes: itself, and 1 for a fraction (a genitive behind "about")."""
    return int(abs(number)) if float(number).is_integer() else 1


def mark(message: str) -> str:
    """Return a message as it is; it is said elsewhere, and listed here for the catalogues."""
    return message


class _Filler(string.Formatter):
    """Fills in values; numbers are written as the language in force writes them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        return digits(text) if isinstance(value, int | float) else text


def _filled(message: str, values: dict[str, object]) -> str:
    return _Filler().vformat(message, (), values) if values else message


def digits(text: str) -> str:
    r"""
    Return text whose numbers are as English writes them, as the language in force writes them.

    Examples
    --------
    >>> with speaking("uk"):
    ...     digits("-1,234.5").replace("\N{NO-BREAK SPACE}", "_")
    '−1_234,5'
    """
    shown = _catalogue(language()).gettext(NUMBER)
    written = str.maketrans({NUMBER[place]: shown[place] for place in (0, 2, 6)})
    return _FIGURE.sub(lambda match: match[0].translate(written), text)


def day(time: pd.Timestamp) -> str:
    """Return the day of a time, as in "25 January"."""
    return say("{day} {month}", day=time.day, month=say_as("of a date", MONTHS[time.month - 1]))


def short_day(time: pd.Timestamp) -> str:
    """Return the day of a time in short, as in "25 Jan"."""
    return say_as("short", "{day} {month}", day=time.day, month=say_as("short", MONTHS[time.month - 1][:3]))


def stamp(time: pd.Timestamp) -> str:
    """Return a time to the minute, as in "25 January 2026, 19:00"."""
    return say("{day} {year}, {clock}", day=day(time), year=f"{time.year}", clock=f"{time.hour:02}:{time.minute:02}")


class Lasting(str):
    """
    Text in English that is kept, such as the status of a run, and can be said again in another language.

    Attributes
    ----------
    said_by : callable
        The function that says it, from `given`.
    given : tuple
    """

    said_by: Callable[..., str]
    given: tuple[object, ...]


def lasting(said_by: Callable[..., str], *given: object) -> Lasting:
    """Return what a function says of what is given, in English, so that `again` can say it in another language."""
    with speaking(ENGLISH):
        text = Lasting(said_by(*given))
    text.said_by, text.given = said_by, given
    return text


def again(text: str) -> str:
    """Return kept text in the language in force; text that no catalogue knows, such as a name, stays as it is."""
    if isinstance(text, Lasting):
        return text.said_by(*text.given)
    return _catalogue(language()).gettext(text) if text else text
