"""Where a clause of a sentence begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from energy_impact.text.lexicon import Sentence
    from energy_impact.text.times import TimeMention


def is_break(sentence: Sentence, at: int) -> bool:
    """Whether a comma, a semicolon or a word such as "but" stands at a token."""
    but = sentence.at("but", at)
    return sentence.word(at) in {",", ";"} or (but is not None and sentence.at("list_and", at) is None)


def is_one_clause(sentence: Sentence, first: int, last: int) -> bool:
    """Whether no comma or other break stands among the tokens from `first` up to `last`."""
    return not any(is_break(sentence, at) for at in range(first, last))


def clause_of(sentence: Sentence, mention: TimeMention) -> range:
    """Return the tokens of the clause in which a time stands."""
    first, end = mention.first, mention.end
    while first > 0 and not is_break(sentence, first - 1):
        first -= 1
    while end < len(sentence.tokens) and not is_break(sentence, end):
        end += 1
    return range(first, end)
