"""Tokens of a text with their offsets, and its sentences. Every pass is linear in the length of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

LONGEST_SENTENCE = 120
"""Tokens after which a sentence is cut, so that work per sentence is bounded."""
LONGEST_WORD = 40
"""Characters of the longest word that is looked up."""
WRAPPED_LINE, WRAPPED_WORDS = 60, 35
"""Characters from which a line is wrapped, so that its sentence goes on: with a number, a small letter. (judgement)"""

_TOKEN = re.compile(
    r"""
      (?P<clock>(?<!\d)\d{1,2}:\d{2}(?!\d|:\d))
    | (?P<date>\d{4}-\d{2}-\d{2}(?!\d)|(?<!\d)\d{1,2}\.\d{1,2}\.\d{4}(?!\d))
    | (?P<number>(?<!\d)\d{1,3}(?:[\u0020\u00a0\u2009\u202f]\d{3}){1,3}(?![\d])(?:[.,]\d{1,2}(?!\d))?
      |(?<!\d)\d{1,3}(?:['’]\d{3}){1,3}(?!\d)(?:\.\d{1,2}(?!\d))?
      |(?<!\d)\d{1,3}(?:,\d{3}){1,3}(?!\d)(?:\.\d{1,2}(?!\d))?
      |(?<!\d)\d{1,3}(?:\.\d{3}){1,3}(?!\d)(?:,\d{1,2}(?!\d))?
      |\d+(?:[.,]\d+)?[½¼¾]?|[½¼¾])
    | (?P<word>(?:[^\W\d_]\.){2,5}|[^\W\d_]+(?:['’ʼ‘`-][^\W_]+)*)
    | (?P<newline>\n[^\S\n]*)
    | (?P<mark>(?:\x1b\[|\x9b)[0-?]{0,40}[ -/]{0,9}[@-~]|\x1b\][^\x07\x1b\n]{0,200}\x07|\S)
    """,
    re.VERBOSE,
)
_SPELLINGS = str.maketrans(dict.fromkeys("’ʼ‘`", "'") | {"ё": "е"})
_ENDS = frozenset(".!?…")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark: its characters in the text, and the word in small letters to look it up."""

    start: int
    end: int
    text: str
    word: str
    kind: Literal["word", "number", "clock", "date", "mark", "newline"]

    @property
    def capital(self) -> bool:
        """Whether it is a word that begins with a capital letter."""
        return self.kind == "word" and self.text[0].isupper()


def as_looked_up(text: str) -> str:
    """Return words as they are looked up: in small letters, with one apostrophe, and "е" for the "ё" that few write."""
    return text.lower().translate(_SPELLINGS)


def _token(match: re.Match[str]) -> Token:
    text = match.group()
    word = as_looked_up(text) if len(text) <= LONGEST_WORD else ""
    return Token(match.start(), match.end(), text, word, match.lastgroup)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Dots:
    """
    Words of a language whose dot may end no sentence.

    Attributes
    ----------
    abbreviations : container of str
        Words whose dot ends none: "approx".
    counting : container of str
        Those of them that multiply a number, "тыс.": a capital letter after them begins a sentence.
    closing : container of str
        Words with a dot of their own, which may end one: "p.m.".
    continuing : container of str
        Words before which the dot of a number, or of a closing word, ends none: "January", "Monday".
    """

    abbreviations: Container[str] = ()
    counting: Container[str] = ()
    closing: Container[str] = ()
    continuing: Container[str] = ()


def sentences(text: str, dots: Dots) -> Iterator[list[Token]]:
    """Yield the tokens of each sentence or line; a line that looks wrapped goes on in the next."""
    sentence: list[Token] = []
    line_start = 0
    for match in _TOKEN.finditer(text):
        token = _token(match)
        if token.kind == "newline":
            wrapped = _goes_on(text, token.end, token.start - line_start)
            line_start = token.end
            if wrapped:
                continue
        cut = token.kind == "newline" or len(sentence) >= LONGEST_SENTENCE
        if sentence and (cut or _ends(sentence, token, dots)):
            yield sentence
            sentence = []
        if token.kind != "newline":
            sentence.append(token)
    if sentence:
        yield sentence


def _goes_on(text: str, at: int, length: int) -> bool:
    """Whether the line that begins at a character goes on with the sentence of the line before, of a length."""
    small, digit = text[at : at + 1].islower(), text[at : at + 1].isdecimal()
    return (small and length >= WRAPPED_WORDS) or (digit and length >= WRAPPED_LINE)


def _ends(sentence: list[Token], following: Token, dots: Dots) -> bool:
    last = sentence[-1]
    if last.word in dots.closing:
        return following.capital and following.word not in dots.continuing
    if last.text not in _ENDS or following.start == last.end:
        return False
    if last.text == "." and len(sentence) > 1 and sentence[-2].end == last.start:
        before = sentence[-2]
        ordinal = len(sentence) > 2 and sentence[-3].text == "-" and sentence[-3].end == before.start
        if before.word in dots.abbreviations or (len(before.text) == 1 and before.kind == "word" and not ordinal):
            return before.word in dots.counting and following.capital
        if before.kind == "number" and following.word in dots.continuing:
            return False
    return following.kind != "word" or not following.text[0].islower()
