"""Numbers that count nothing: ages, years, hours, days, codes, telephone numbers and sums of money."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from energy_impact.text.lexicon import Sentence, Tag
    from energy_impact.text.numbers import Amount

_TOUCHING = frozenset("+#/№_=")
_GLUED = frozenset({"number", "date", "word"})
"""Kinds of tokens that make a number which touches them part of a name or code, as in "Channel24"."""
_YEARS = (1900, 2100)
"""First and last number that may be a year."""
HOURS = 24
"""Largest number of an hour. [h]"""
OLDEST = 110
"""Largest number that is read as an age. (judgement)"""


def may_be_hour(sentence: Sentence, amount: Amount) -> bool:
    """Whether a bare number is an hour at the end of a clause: "back on by 11"."""
    hour = amount.digits and amount.value is not None and 0 < amount.value <= HOURS and not amount.share
    last = amount.end >= len(sentence.tokens) or sentence.word(amount.end) in {".", ",", ";"}
    return hour and last and sentence.ending("clock_before", amount.first) is not None


def is_year(sentence: Sentence, amount: Amount) -> bool:
    """Whether words that are no qualifier stand before and after a number like 2019, as before and after a year."""
    first, end = amount.first, amount.end
    if first == 0 and sentence.tagged(end, "past_verb"):  # "2021 waren 29.000 Haushalte ohne Strom"
        return any(token.kind == "number" for token in sentence.tokens[end:])
    words = (
        first > 0 and end < len(sentence.tokens) and {sentence.tokens[at].kind for at in (first - 1, end)} == {"word"}
    )
    follows = sentence.tagged(end, "place_before", "auxiliary", "order", "qualifier", "begins")
    return words and follows and sentence.ending("qualifier", first) is None


def is_led_by(sentence: Sentence, group: str, first: int) -> bool:
    """Whether a word of a group stands before an amount, or before its qualifier."""
    qualifier = sentence.ending("qualifier", first)
    return sentence.ending(group, qualifier.start if qualifier is not None else first) is not None


def is_money(sentence: Sentence, amount: Amount) -> bool:
    """Whether the sign of a currency stands before a number."""
    sign = sentence.ending("other", amount.first)
    return sign is not None and sign.value == "money"


def is_of_person_or_year(sentence: Sentence, amount: Amount) -> bool:
    """Whether a number is an age, or a year before a count: "in 2015 several thousand homes"."""
    year = amount.end == amount.first + 1 and may_be_year(sentence, amount)
    return _is_age(sentence, amount) or (year and sentence.at("order", amount.end) is not None)


def may_be_year(sentence: Sentence, amount: Amount) -> bool:
    """Whether a number is written as a year is."""
    plain = sentence.tokens[amount.end - 1].text.isdecimal()
    return amount.value is not None and _YEARS[0] <= amount.value <= _YEARS[1] and plain


def _is_age(sentence: Sentence, amount: Amount) -> bool:
    """Whether a number between marks is the age of who is named right before it: "Jane Lee, 68, said", "(81)"."""
    first, value = amount.first, amount.value
    whole = amount.end == first + 1 and amount.digits and value is not None and not value % 1 and value <= OLDEST
    marks = (sentence.word(first - 1), sentence.word(amount.end)) in {(",", ","), ("(", ")")}
    named = first > 2 and all(sentence.tokens[at].capital for at in (first - 2, first - 3))
    named = named or (sentence.lexicon.capital_nouns and first > 1 and sentence.at("title", first - 2) is not None)
    named = named or _speaks(sentence, first - 2, amount.end + 1)
    return whole and marks and named and not sentence.tagged(first - 2, "region", "unit")


def _speaks(sentence: Sentence, name: int, after: int) -> bool:
    """Whether a word with a capital is who speaks, or who is of a place: "said Petro, 54,", "Petro, 54, of Marlow"."""
    capital = name >= 0 and sentence.tokens[name].capital and not sentence.ending("place_before", name)
    of = sentence.at("place_before", after)
    told = sentence.tagged(after, "said") or (name > 0 and sentence.tagged(name - 1, "said"))
    return capital and (told or (of is not None and of.value == "of"))


def is_day(sentence: Sentence, amount: Amount) -> bool:
    """Whether a number is the first of two days of a month: "9 and 20 January"."""
    joint = (
        sentence.at("list_and", amount.end)
        or sentence.at("range_middle", amount.end)
        or sentence.at("until", amount.end)
    )
    after = joint.end if joint is not None else amount.end
    return joint is not None and sentence.word(after).isdecimal() and sentence.at("month", after + 1) is not None


def _in_bracket(sentence: Sentence, at: int) -> bool:
    """Whether a bracket that opens before a token is still open at it."""
    words = [token.text for token in sentence.tokens[:at]]
    return words.count("(") > words.count(")")


def _is_counted(sentence: Sentence, label: Tag) -> bool:
    """
    Whether a word such as "serving" speaks of what was counted, or its number is the subject of a verb.

    As in "40 blocks, which are home to 3,000 people" and "a population of 3,000 people were left without water".
    """
    follows = sentence.word(label.start - 1) == "," and sentence.ending("unit", label.start - 1) is not None
    after = next((end for end in range(label.end + 1, label.end + 5) if sentence.ending("unit", end)), 0)
    plain = all(sentence.tokens[at].kind != "mark" for at in range(label.end, after))
    verb = bool(after) and plain and sentence.tagged(after, "auxiliary")
    return follows or verb or (sentence.tagged(label.start, "dwelling") and sentence.tagged(label.start - 2, "which"))


def _is_listed_label(sentence: Sentence, first: int) -> bool:
    """Whether a number is one of a list that a label opens: "houses 4, 5", "д. 4, 5, 6"."""
    at = first
    while at > 1 and sentence.word(at - 1) in {",", ";"} and sentence.tokens[at - 2].kind == "number":
        at -= 2
    dotted = sentence.word(at - 1) == "." and sentence.ending("label", at - 1) is not None
    return dotted or (at < first and sentence.ending("label", at) is not None)


def is_label(sentence: Sentence, amount: Amount) -> bool:
    """Whether a number is part of a name, a code, a telephone number or a word, or a sum of money."""
    tokens = sentence.tokens
    before = tokens[amount.first - 1] if amount.first else None
    after = tokens[amount.end] if amount.end < len(tokens) else None
    start, end = tokens[amount.first].start, tokens[amount.end - 1].end
    qualifier = sentence.ending("qualifier", amount.first)
    led = qualifier.start if qualifier is not None else amount.first
    if is_money(sentence, amount):
        return True
    label = sentence.ending("label", led)
    counts = label is not None and label.value == "house" and sentence.at("unit", amount.end) is not None
    if label is not None and not (counts or _is_counted(sentence, label)):
        return True
    if amount.digits and sentence.at("unit", amount.end) is None and _is_listed_label(sentence, amount.first):
        return True
    if amount.digits and before is not None and before.kind == "number":
        return True
    if before is not None and before.end == start and (before.text in _TOUCHING or before.kind in _GLUED):
        return True
    joined = before is not None and before.end == start and before.text in "-.–" and amount.first > 1
    if joined and before is not None and tokens[amount.first - 2].end == before.start and not amount.signed:
        return True
    if after is None or after.start != end:
        return False
    if after.text == ")" and amount.digits and not _in_bracket(sentence, amount.first):
        return True
    follows = tokens[amount.end + 1] if amount.end + 1 < len(tokens) else None
    if after.text in {"-", "–", "/", "."} and follows is not None and follows.start == after.end:
        return sentence.at("unit", amount.end + 1) is None
    return after.kind in {"number", "clock", "date"}
