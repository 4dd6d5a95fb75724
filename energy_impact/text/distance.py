"""How far apart two stretches of a sentence are, for all that attaches words to an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from energy_impact.text.lexicon import Sentence
    from energy_impact.text.numbers import Amount

_MARKS = {",": 4.0, ";": 12.0, ":": 2.0, "(": 2.0, ")": 1.0, "—": 1.5, "–": 1.5, "|": 3.0}
_AMOUNT, _BUT = 4.0, 4.0
BEFORE, OF_DATELINE = 2.0, 25.0
"""Costs of a time or place before its amount, and of one that says where or when was written. (judgement)"""


def distance(sentence: Sentence, first: int, last: int, amounts: Iterable[Amount]) -> float:
    """
    Return the cost of the tokens from `first` up to `last`.

    A word costs 1, marks and words such as "but" more, and amounts that lie between more still. (judgement)
    """
    between = range(first, last)
    total = sum(1.0 if _lists_names(sentence, at) else _MARKS.get(sentence.word(at), 1.0) for at in between)
    total += _BUT * sum(sentence.at("but", at) is not None for at in between)
    return total + _AMOUNT * sum(first <= amount.first < last for amount in amounts)


def _lists_names(sentence: Sentence, at: int) -> bool:
    """Whether a comma stands between two names of a list: "in Marlow, Tarnford and Weidenau"."""
    tokens = sentence.tokens
    pair = sentence.word(at) == "," and 0 < at < len(tokens) - 1 and not sentence.lexicon.capital_nouns
    return pair and tokens[at - 1].capital and tokens[at + 1].capital
