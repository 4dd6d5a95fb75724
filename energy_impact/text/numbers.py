"""Amounts in a sentence: digits, number words, multipliers, ranges, orders of magnitude and shares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from energy_impact.figures.cells import without_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from energy_impact.text.lexicon import Sentence

LONGEST_NUMBER = 15
"""Characters of the longest number that is read; a longer one is no count of customers."""
DASHES = frozenset("-–—−…")
_VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_LARGEST_PLUS = 50
"""Largest number whose "plus" is that of a temperature. (judgement)"""
_BEFORE_COUNT = ("article", "of", "qualifier", "remaining", "only", "range_open")
"""Groups whose words may stand between "all" and the number that it only stresses."""
_MOVED_REACH = 7
"""Tokens from "fell" to the number that it fell from. (judgement)"""
_EXCEPT_REACH = 6
"""Tokens from "all" to an "except" that leaves some of them out. (judgement)"""
_LONGEST_RUN = 8
"""Words of the longest number in words."""


@dataclass(frozen=True)
class Amount:
    """
    A number, range, order or share in a sentence.

    Attributes
    ----------
    first, end : int
        Its tokens, from `first` up to `end`.
    value, high : float or None
        Number, and upper end of a range.
    order : str
        Order of magnitude, such as "hundreds", or "all" or "none"; empty for a number.
    share : bool
        Whether it is a share, between 0 and 1.
    digits : bool
        Whether it is written in digits.
    scaled : bool
        Whether a word such as "thousand" multiplies it.
    signed : bool
        Whether it has a sign: a minus, or the plus of a temperature.
    """

    first: int
    end: int
    value: float | None
    high: float | None = None
    order: str = ""
    share: bool = False
    digits: bool = False
    scaled: bool = False
    signed: bool = False

    @property
    def whole(self) -> bool:
        """Whether it is "all" or "none" of what it counts."""
        return self.order in {"all", "none"}


def amounts(sentence: Sentence) -> Iterator[Amount]:
    """Yield the amounts of a sentence from left to right."""
    at = 0
    while at < len(sentence.tokens):
        amount = _amount(sentence, at)
        if amount is not None:
            yield amount
        at = amount.end if amount is not None else at + 1


def _amount(sentence: Sentence, at: int) -> Amount | None:
    opening = sentence.at("range_open", at)
    if opening is not None and not _moves(sentence, opening.end):
        low = _single(sentence, opening.end)
        both = low and _range(sentence, low, open_ended=True)
        return replace(both, first=at) if both else None
    share = _share(sentence, at)
    if share is not None:
        return share
    low = _single(sentence, at)
    if low is None:
        return _order(sentence, at) or _whole(sentence, at)
    low = _moved_from(sentence, low)
    return _percent(sentence, _range(sentence, low, open_ended=False) or low)


def _percent(sentence: Sentence, amount: Amount) -> Amount:
    unit = sentence.at("unit", amount.end)
    if unit is None or unit.value != "percent" or amount.value is None:
        return amount
    high = None if amount.high is None else amount.high / 100
    return replace(amount, value=amount.value / 100, high=high, end=unit.end, share=True)


def _range(sentence: Sentence, low: Amount, *, open_ended: bool) -> Amount | None:
    """Return the range that begins with a number, if one does: after "between", or with a dash or "to"."""
    at = low.end
    skipped = sentence.at("unit", at)
    if skipped is not None and (open_ended or skipped.value in {"degrees", "percent"}):
        at = skipped.end
    middle = sentence.at("range_middle", at)
    dash = sentence.word(at) in DASHES
    if middle is not None and middle.value == "to" and _moves(sentence, low.first):
        return None
    if not dash and (middle is None or (middle.value == "and" and not open_ended)):
        return None
    after = at + 1 if middle is None else middle.end
    if dash and sentence.word(after) in DASHES:
        after = after if _single(sentence, after) else after + 1
    high = _single(sentence, after)
    if high is None or low.value is None or high.value is None or (dash and not (low.digits and high.digits)):
        return None
    first = low.value
    if high.scaled and not low.scaled and low.value < high.value / 50:
        first *= scale_of(sentence, high.first, high.end)
    second = -high.value if low.signed and low.value < 0 and not high.signed else high.value
    if not (low.signed or high.signed) and not first < second:
        return None
    ends = sorted((first, second))
    signed = low.signed or high.signed
    return replace(high, first=low.first, value=ends[0], high=ends[1], signed=signed)


def _moves(sentence: Sentence, at: int) -> bool:
    """Whether a number stands after "rose from" or "rose by", so that "to" names what came of it and no range."""
    groups = ("moved", "comparison_before", "change_before")
    if any(sentence.ending(group, at) is not None for group in groups):
        return True
    opens = sentence.ending("range_open", at) is not None
    return opens and any(0 <= at - tag.end <= _MOVED_REACH for tag in sentence.of("moves"))


def _moved_from(sentence: Sentence, low: Amount) -> Amount:
    """Return a number with the "thousand" of what it moved to: "fell from 40 to 15 thousand"."""
    to = sentence.at("moved_to", low.end)
    led = sentence.ending("range_open", low.first) is not None or _moves(sentence, low.first)
    high = _single(sentence, to.end) if to is not None and led and sentence.of("moves") else None
    if high is None or low.value is None or high.value is None or low.scaled or not high.scaled:
        return low
    scale = scale_of(sentence, high.first, high.end)
    return replace(low, value=low.value * scale, scaled=True) if low.value < high.value / 50 else low


def scale_of(sentence: Sentence, first: int, end: int) -> float:
    """Return what the multipliers among some tokens make together."""
    scale = 1.0
    for at in range(first, end):
        tag = sentence.at("multiplier", at)
        scale *= float(tag.value) if tag else 1.0
    return scale


def _single(sentence: Sentence, at: int) -> Amount | None:
    """Return the number that begins at a token: its sign, digits or words, and multipliers."""
    sign = sentence.at("sign", at)
    dashed = sentence.word(at) in {"-", "−", "–", "+"} and _signs(sentence, at)
    start = sign.end if sign else at + dashed
    plain = _digits(sentence, start) or _words(sentence, start) or _article(sentence, start)
    if plain is None:
        return None
    value, end, scaled = plain
    digits = start < len(sentence.tokens) and sentence.tokens[start].kind == "number"
    more = sentence.at("half_more", end)
    if more is not None:
        value, end = value + 0.5, more.end
    while (tag := sentence.at("multiplier", end + (digits and sentence.word(end) == "-"))) is not None:
        value, end, scaled = value * float(tag.value), tag.end, True
        if sentence.word(end) == "." and end < len(sentence.tokens) - 1:
            end += 1
    if scaled and digits and (rest := _rest(sentence, end, scale_of(sentence, at, end))) is not None:
        value, end = value + rest[0], rest[1]
    plus = sign.value == "plus" if sign is not None else sentence.word(at) == "+"
    signed = (dashed or sign is not None) and not (plus and (scaled or value > _LARGEST_PLUS))
    return Amount(at, end, -value if signed and not plus else value, digits=digits, scaled=scaled, signed=signed)


def _rest(sentence: Sentence, at: int, scale: float) -> tuple[float, int] | None:
    """Return what after a multiplier belongs to its number: "16 thousand 871", "1 млн 120 тис."."""
    plain = _digits(sentence, at)
    if plain is None or not sentence.tokens[at].text.isdecimal() or len(sentence.tokens[at].text) > 3:
        return None
    value, end, _ = plain
    while (tag := sentence.at("multiplier", end)) is not None:
        value, end = value * float(tag.value), tag.end
    return (value, end) if value < scale else None


def _signs(sentence: Sentence, at: int) -> bool:
    """Whether a dash is a minus sign: a number follows without a blank, and nothing stands before it."""
    tokens = sentence.tokens
    if at + 1 >= len(tokens) or tokens[at + 1].kind != "number" or tokens[at + 1].start != tokens[at].end:
        return False
    return at == 0 or tokens[at - 1].end < tokens[at].start or tokens[at - 1].text in "(…–—"


def _digits(sentence: Sentence, at: int) -> tuple[float, int, bool] | None:
    if at >= len(sentence.tokens) or sentence.tokens[at].kind != "number":
        return None
    value = number(sentence.tokens[at].text, scaled=sentence.at("multiplier", at + 1) is not None)
    return None if value is None else (value, at + 1, False)


def number(text: str, *, scaled: bool = False) -> float | None:
    """
    Return the value of digits, whatever separates thousands and decimals.

    Three digits after a single comma or dot are thousands, unless a multiplier follows.

    Examples
    --------
    >>> [number(text) for text in ("17,450", "45.000", "18 400", "7,5", "1.2")]
    [17450.0, 45000.0, 18400.0, 7.5, 1.2]
    >>> number("1,250", scaled=True)
    1.25
    """
    extra = _VULGAR.get(text[-1:], 0.0)
    digits = text[:-1] if extra else text
    if not digits:
        return extra
    if len(digits) > LONGEST_NUMBER or (digits[0] == "0" and digits[:2] not in {"0", "0.", "0,"}):
        return None
    plain = without_groups("".join(" " if mark.isspace() else mark for mark in digits))
    last = max(plain.rfind(","), plain.rfind("."))
    whole, rest = (plain, "") if last < 0 else (plain[:last], plain[last + 1 :])
    thousands = len(rest) == 3 and whole != "0" and not scaled
    return float("".join(mark for mark in whole if mark.isdecimal()) + ("" if thousands else ".") + rest) + extra


def _words(sentence: Sentence, at: int) -> tuple[float, int, bool] | None:
    """Return the number in words that begins at a token: what they add up to before and after "thousand"."""
    lexicon = sentence.lexicon
    current: float | None = None
    total, end, scaled = 0.0, at, False
    while end < len(sentence.tokens) and end - at < _LONGEST_RUN:
        value = word_value(sentence.word(end), lexicon.numbers, lexicon.number_joint) if sentence.word(end) else None
        multiplier = sentence.at("multiplier", end) if current is not None else None
        joint = current is not None and sentence.word(end) == lexicon.number_joint and current % 100 == 0
        if value is not None and (current is None or value < 100 or current == 0):
            current = (current or 0.0) + value
        elif multiplier is not None:
            product, scaled = (current or 1.0) * float(multiplier.value), True
            total, current = (total + product, 0.0) if float(multiplier.value) >= 1000 else (total, product)
        elif sentence.word(end) == "," and total and current == 0.0 and _goes_on(sentence, end + 1):
            pass  # "six thousand, two hundred"
        elif not (joint and word_value(sentence.word(end + 1), lexicon.numbers, "") is not None):
            break
        end += 1
    return None if current is None or end == at else (total + current, end, scaled)


def _goes_on(sentence: Sentence, at: int) -> bool:
    """Whether a word for a small number and "hundred" stand at a token."""
    multiplier = sentence.at("multiplier", at + 1)
    small = word_value(sentence.word(at), sentence.lexicon.numbers, "") if sentence.word(at) else None
    return small is not None and multiplier is not None and float(multiplier.value) == 100


def _some_in(sentence: Sentence, at: int) -> Amount | None:
    """Return "three in ten" as a share."""
    part = _words(sentence, at) or _digits(sentence, at)
    noun = None if part is None else sentence.at("unit", part[1])
    end = 0 if part is None else noun.end if noun is not None and noun.value == "people" else part[1]
    middle = sentence.at("in_every", end) if end else None
    whole = None if middle is None else _words(sentence, middle.end) or _digits(sentence, middle.end)
    if part is None or whole is None or not 1 <= part[0] < whole[0] <= 10 or sentence.ending("clock_before", at):
        return None
    return Amount(at, whole[1], part[0] / whole[0], share=True)


@lru_cache(maxsize=4096)
def _parts(word: str, names: tuple[str, ...], joint: str) -> tuple[str, ...] | None:
    found: list[str] = []
    while word:
        name = next((name for name in names if word.startswith(name)), None)
        if name is None and joint and word.startswith(joint) and found:
            word = word[len(joint) :]
            continue
        if name is None:
            return None
        found.append(name)
        word = word[len(name) :]
    return tuple(found)


def word_value(word: str, numbers: Mapping[str, float], joint: str) -> float | None:
    """Return the value of a word or compound that is a number: "twenty-three", "dreiundzwanzigtausend"."""
    if word in numbers:
        return numbers[word]
    pieces = word.split("-")
    if len(pieces) == 2 and all(piece in numbers for piece in pieces):
        return sum(numbers[piece] for piece in pieces)
    if not joint or len(word) < 6:
        return None
    parts = _parts(word, _names(tuple(numbers)), joint)
    if parts is None or len(parts) < 2:
        return None
    total, current = 0.0, 0.0
    for part in parts:
        value = numbers[part]
        if value >= 1000:
            total, current = total + (current or 1.0) * value, 0.0
        else:
            current = current * value if value == 100 and current else current + value
    return total + current


@lru_cache(maxsize=16)
def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted((name for name in names if len(name) > 2), key=len, reverse=True))


def _article(sentence: Sentence, at: int) -> tuple[float, int, bool] | None:
    """Return 1 for a lone multiplier, as in "a hundred thousand"; 0.5 for "half a million"."""
    half = sentence.at("fraction", at)
    if half is not None and sentence.at("multiplier", half.end) is not None:
        return float(half.value), half.end, False
    article = sentence.at("article", at)
    start = article.end if article is not None else at
    tag = sentence.at("multiplier", start)
    if tag is None or (sentence.at("order", start) is not None and sentence.ending("qualifier", at) is None):
        return None
    return 1.0, start, False


def _order(sentence: Sentence, at: int) -> Amount | None:
    tag = sentence.at("order", at)
    return None if tag is None else Amount(at, tag.end, None, order=tag.value)


def _whole(sentence: Sentence, at: int) -> Amount | None:
    """Return "all" or "none of"; not "all but", "not all", "almost all", "all 300" or "all without"."""
    everyone, nobody = sentence.at("everyone", at), sentence.nobody(at)
    tag = everyone or nobody
    led = sentence.ending("place_before", at)
    first = at if led is None else led.start
    left_out = any(tag.start - at <= _EXCEPT_REACH for tag in sentence.of("except") if tag.start >= at)
    unit = sentence.ending("unit", at)
    part = sentence.ending("fraction", at) or (unit is not None and unit.value == "percent")
    owned = sentence.tagged(at - 1, "place_before") and sentence.ending("unit", at - 1) is not None
    if tag is None or tag.value == "fully" or left_out or part or owned or sentence.ending("qualifier", first):
        return None
    if everyone is not None and sentence.at("lack", tag.end) is not None:
        return None
    still = sentence.at("now", at)
    if still is not None and still.end > tag.end:  # "всё ещё"
        return None
    if everyone is not None and any(n.start <= at <= n.end for n in sentence.of("negation")):
        return None
    after = tag.end
    while word := next((sentence.at(group, after) for group in _BEFORE_COUNT if sentence.at(group, after)), None):
        after = word.end + (word.group == "qualifier" and sentence.word(word.end) == ".")
    if _single(sentence, after) is not None:
        return None
    return Amount(at, tag.end, None, order="none" if everyone is None else "all", share=True)


def _share(sentence: Sentence, at: int) -> Amount | None:
    """Return "half", "two thirds" or "one in three" as a share."""
    tag = sentence.at("fraction", at)
    counts = tag is not None and not sentence.tagged(tag.end, "part_of_day", "other", "ago_unit", "weekday")
    if tag is not None and counts and sentence.at("multiplier", tag.end) is None:
        return Amount(at, tag.end - (sentence.at("of", tag.end - 1) is not None), float(tag.value), share=True)
    one_in = sentence.at("one_in", at)
    if one_in is None:
        return _some_in(sentence, at)
    ordinal = sentence.at("ordinal", one_in.end)
    if ordinal is not None:
        return Amount(at, ordinal.end, 1 / float(ordinal.value), share=True)
    whole = _single(sentence, one_in.end)
    if whole is None or whole.value is None or not 2 <= whole.value <= 10:
        return None
    return Amount(at, whole.end, 1 / whole.value, share=True)
