"""Figures that count no service: temperatures, hours per day, drones and missiles, regions in emergency cuts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from energy_impact.text.distance import distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.counted import Counted
    from energy_impact.text.lexicon import Sentence, Tag
    from energy_impact.text.numbers import Amount

FREEZING_F, DEGREES_F = 32.0, 1.8
"""Fahrenheit: freezing point [degF], and degrees per kelvin."""
LARGEST_TEMPERATURE_C, INDOORS_C, WARMEST_HOME_C = 45.0, -10.0, 30.0
"""Largest temperature that is read, and the lowest and the largest one of a home. [degC] (judgement)"""
_INDOOR_REACH = 7
"""Tokens within which "in the flats" speaks of a temperature. (judgement)"""
WEAPONS = frozenset({"drones", "missiles", "munitions"})
"""Units of the size of an attack."""
ATTACK = ("_launched", "_intercepted")
"""Endings of the quantities that are the size of an attack."""
WEAPON_REACH = 30.0
"""Cost from which "launched" no longer speaks of an amount. (judgement)"""
_SERVED = frozenset({"customers", "households", "homes", "people", "buildings"})
"""Units beside which hours are those that an outage lasted: "1,000 customers were without light almost four hours"."""
_DAY_H = 24.0
"""Hours of a day."""
_NEAR = 14
"""Tokens within which a word such as "frost" or "indoors" speaks of a temperature. (judgement)"""


AMERICAN = frozenset(
    f"America/{city}" for city in ("New_York", "Detroit", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage")
)
"""Timezones of places where temperatures without a scale are in degF."""


@dataclass(frozen=True)
class Meant:
    """
    What a number means.

    Attributes
    ----------
    quantity, kind : str
        As in the table of figures.
    value, high : float or None
        Number, and the upper end of a range.
    doubt : float
        What takes from the confidence in it. [0 to 1]
    reason : str
        Words that it rests on.
    flipped : bool
        Whether the text states the complement: "half have power" is a share without it.
    """

    quantity: str
    value: float | None
    high: float | None
    kind: str
    doubt: float = 0.0
    reason: str = ""
    flipped: bool = False

    @property
    def is_attack(self) -> bool:
        """Whether it is the size of an attack."""
        return self.quantity.endswith(ATTACK)


def near(sentence: Sentence, group: str, first: int, end: int, reach: int = _NEAR) -> bool:
    """Whether a tag of a group stands within some tokens of a stretch of a sentence."""
    return any(tag.end > first - reach and tag.start < end + reach for tag in sentence.of(group))


def _is_indoor(sentence: Sentence, item: Counted, others: Sequence[Counted]) -> bool:
    """Whether words such as "in the flats" speak of an amount, and not of the next one."""
    first, end = item.amount.first, item.end
    if any(0 <= first - tag.end <= 3 or _reaches(sentence, tag, first) for tag in sentence.of("outdoor")):
        return False
    for tag in sentence.of("indoor"):
        if any(0 <= tag.start - subject.end <= 1 for subject in sentence.of("temperature")) and tag.end <= first:
            return True
        if tag.start <= 1 and not sentence.of("outdoor"):
            return True
        later = any(tag.end <= other.amount.first < tag.end + _INDOOR_REACH for other in others)
        before = first - _INDOOR_REACH < tag.end <= first + 1
        before = before or (tag.end <= first and _one_clause(sentence, range(tag.end, first)))
        if before or (end <= tag.start < end + _INDOOR_REACH and not later) or first <= tag.start < end:
            return True
    return _against_outdoors(sentence, item, others)


def _reaches(sentence: Sentence, outdoor: Tag, first: int) -> bool:
    """Whether nothing but words, none of them on a home, stand between "outside" and a number."""
    between = range(outdoor.end, first)
    plain = all(sentence.tokens[at].kind == "word" for at in between)
    return outdoor.end <= first and plain and not any(tag.start in between for tag in sentence.of("indoor"))


def _one_clause(sentence: Sentence, between: range) -> bool:
    """Whether no mark, number or word on the air outside parts some tokens."""
    plain = all(sentence.tokens[at].kind == "word" for at in between)
    return plain and not any(tag.start in between for tag in sentence.of("outdoor"))


def _against_outdoors(sentence: Sentence, item: Counted, others: Sequence[Counted]) -> bool:
    """Whether the number after an amount is that outside: "the thermometer showed 13, outside it was minus 6"."""
    after = next((other.amount.first for other in others if other.amount.first >= item.end), None)
    gap = range(item.end, after or item.end)
    return not item.amount.signed and any(tag.start in gap for tag in sentence.of("outdoor"))


def temperature(
    sentence: Sentence, item: Counted, others: Sequence[Counted], *, fahrenheit: bool = False
) -> Meant | None:
    """
    Return what a number of degrees means, in degC; None where it is no stated temperature.

    Those without a scale are of `fahrenheit` where a text speaks of the United States alone, but for frost.
    """
    amount = item.amount
    if amount.value is None or amount.share or item.unit not in {"degrees", "fahrenheit", ""}:
        return None
    first, end = amount.first, item.end
    spoken = near(sentence, "temperature", first, end, 9) or near(sentence, "indoor", first, end, 9)
    frosty = sentence.at("frost", amount.end) is not None
    indoor = _is_indoor(sentence, item, others)
    homely = indoor and bool(sentence.of("temperature")) and 0 < amount.value < WARMEST_HOME_C
    named = bool(item.unit) or frosty or homely
    if not named and not (amount.signed and (spoken or _signed_in_words(sentence, first, end))):
        return None
    if not item.unit and item.how == "other" and not frosty:
        return None
    low, high = amount.value, amount.high
    american = fahrenheit and item.unit == "degrees" and not (frosty or amount.signed)
    if item.unit == "fahrenheit" or american or _fahrenheit_after(sentence, end):
        if _in_brackets_after_celsius(sentence, first):
            return None
        low, high = _celsius(low), None if high is None else _celsius(high)
    frost = frosty or near(sentence, "frost", first, end, 4)
    if frost and low > 0 and not amount.signed and not near(sentence, "warm", end, end, 2):
        low, high = (-low, None) if high is None else (-high, -low)
    indoor = indoor and low > INDOORS_C
    if max(abs(low), abs(high or 0.0)) > LARGEST_TEMPERATURE_C:
        return None
    kind = "minimum" if any(0 <= first - tag.end <= 5 for tag in sentence.of("lowest")) and not indoor else "stock"
    doubt = (0.0 if item.unit else 0.08) + (0.0 if spoken or frost or amount.signed else 0.25)
    doubt += 0.19 if low > 0 and not indoor else 0.0
    quantity = "indoor_temperature_c" if indoor else "air_temperature_c"
    return Meant(quantity, low, high, kind, doubt, "degrees" if item.unit else "a number with a sign")


def is_forecast(sentence: Sentence, item: Counted) -> bool:
    """Whether forecasters speak before a temperature, and no word such as "was" stands between."""
    told = [tag.end for tag in sentence.of("forecaster") if tag.end <= item.amount.first]
    end = item.end + 1 if sentence.lexicon.verb_last else item.amount.first
    gap = range(told[-1], end) if told else range(0)
    return bool(told) and not any(sentence.word(at) == ";" or sentence.at("was", at) for at in gap)


def _signed_in_words(sentence: Sentence, first: int, end: int) -> bool:
    """Whether "minus" leads a number, or a "plus" that adds to nothing: "in the city plus 3, wind"."""
    sign = sentence.at("sign", first)
    alone = end >= len(sentence.tokens) or sentence.word(end) in {",", ".", ";"}
    led = sentence.word(first - 1) in {",", "("} or sentence.tokens[first - 1].kind == "number"
    plus = alone and bool(sentence.lexicon.endings) and not led
    return sign is not None and (sign.value == "minus" or plus)


def _fahrenheit_after(sentence: Sentence, end: int) -> bool:
    unit = sentence.at("unit", end)
    return unit is not None and unit.value == "fahrenheit"


def _in_brackets_after_celsius(sentence: Sentence, first: int) -> bool:
    before = [tag for tag in sentence.of("unit") if tag.value == "degrees" and tag.end <= first]
    joined = sentence.word(first - 1) in {"(", "/", ",", "-"} or sentence.tagged(first - 1, "list_and")
    return bool(before) and first - before[-1].end <= 3 and joined


def _celsius(fahrenheit: float) -> float:
    return round((fahrenheit - FREEZING_F) / DEGREES_F, 1)


def hours_off(sentence: Sentence, item: Counted, others: Sequence[Counted]) -> Meant | None:
    """Return the hours per day off that a number of hours means; None for any other length of time."""
    amount = item.amount
    if item.unit != "hours" or amount.value is None or amount.share or not 0 < amount.value <= _DAY_H:
        return None
    if sentence.of("times_a_day"):
        return None
    off = _right_after(sentence, "hours_off", item.end) or (
        not _right_after(sentence, "hours_on", item.end)
        and _last_before(sentence, "hours_off", amount.first)
        > _last_before(sentence, "hours_on", amount.first, words=2)
    )
    dark = any(sentence.of(group) for group in ("out", "lack", "hours_off"))
    on = _right_after(sentence, "hours_on", item.end) or (not off and _lit_before(sentence, amount.first, dark=dark))
    per_day = near(sentence, "per_day", amount.first, item.end, 6)
    if not per_day and (amount.value >= _DAY_H or sentence.at("each", item.end) is not None):
        return None
    planned = bool(sentence.of("schedule"))
    if per_day and not off and (on or (not (dark or planned) and _speaks_of_power(sentence))):
        return _hours_on(amount, sure=on)
    if (on and not off) or not (off or ((per_day or planned) and _speaks_of_power(sentence))):
        return None
    lasted = _during(sentence, amount.first) or sentence.at("duration", item.end) is not None
    counts = any(other.unit in _SERVED for other in others)
    if not per_day and (counts or (not planned and (lasted or not (off or on)))):
        return None
    if not (per_day or planned) and sentence.of("was"):
        return None
    cycle = [] if sentence.of("per_day") else [other for other in others if other is not item]
    lit = next((other for other in cycle if _is_lit(sentence, other, dark=dark)), None)
    value, high = amount.value, amount.high
    if lit is not None and lit.amount.value and not per_day:
        value, high = round(_DAY_H * value / (value + lit.amount.value), 1), None
    doubt = 0.0 if per_day and (off or planned) else 0.2 if planned or lit else 0.22
    return Meant("hours_off_per_day", value, high, "stock", doubt, "hours without power")


def _is_lit(sentence: Sentence, item: Counted, *, dark: bool) -> bool:
    """Whether a number counts the hours with power between cuts."""
    on = _right_after(sentence, "hours_on", item.end) or _lit_before(sentence, item.amount.first, dark=dark)
    return item.unit == "hours" and on


def _hours_on(amount: Amount, *, sure: bool) -> Meant | None:
    """Return the hours per day off that a number of hours with power leaves."""
    if amount.value is None:
        return None
    off, most = _DAY_H - (amount.high or amount.value), None if amount.high is None else _DAY_H - amount.value
    doubt = 0.06 if sure else 0.25
    return Meant("hours_off_per_day", off, most, "stock", doubt, "hours with power", flipped=True)


def _right_after(sentence: Sentence, group: str, at: int) -> bool:
    starts = [tag.start for tag in sentence.of(group) if at <= tag.start <= at + 2 and tag.value != "none"]
    return any("," not in {sentence.word(between) for between in range(at, start)} for start in starts)


def _last_before(sentence: Sentence, group: str, at: int, *, words: int = 1) -> int:
    """Return where the last phrase of a group, of some words at least, ends right before a token; -1 for none."""
    ends = (tag.end for tag in sentence.of(group) if 0 <= at - tag.end <= 5 and tag.end - tag.start >= words)
    return max(ends, default=-1)


def _lit_before(sentence: Sentence, at: int, *, dark: bool) -> bool:
    """Whether words such as "have power" stand before a number; one word alone counts only where nothing says "out"."""
    lit = [tag for tag in sentence.of("hours_on") if tag.value != "none" and not sentence.ending("lack", tag.start)]
    return any(0 <= at - tag.end <= 5 and (tag.end - tag.start > 1 or not dark) for tag in lit)


def _during(sentence: Sentence, at: int) -> bool:
    return any(0 <= at - tag.end <= 2 for tag in sentence.of("duration"))


def _speaks_of_power(sentence: Sentence) -> bool:
    return any(tag.value == "power" for tag in (*sentence.of("service"), *sentence.of("out"))) or bool(
        sentence.of("hours_off")
    )


def stated_parts(sentence: Sentence) -> list[Tag]:
    """Return the words that say that parts of what was counted follow: "of which"; not a mere "with"."""
    return [tag for tag in sentence.of("partly") if tag.value != "loosely"]


def weapons(sentence: Sentence, item: Counted, unit: str, *, total: bool) -> Meant | None:
    """
    Return what a number of drones or missiles means: launched or intercepted; None where neither is stated.

    A `total`, of which another number is a part, was launched: "38 of 51 drones were shot down".
    """
    if unit not in WEAPONS or item.amount.share:
        return None
    best: tuple[float, str] = (WEAPON_REACH, "")
    named = item.total is not None or not sentence.lexicon.endings
    part = max((tag.end for tag in stated_parts(sentence) if tag.end <= item.amount.first), default=0)
    for group in ("launched", "intercepted"):
        tags = (tag for tag in sentence.of(group) if tag.start >= part)
        for tag in (tag for tag in tags if not (named and item.amount.end <= tag.start < item.end)):
            after = tag.start >= item.end
            first, last = (item.end, tag.start) if after else (tag.end, item.amount.first)
            away = distance(sentence, first, last, ()) + 0.5 * after
            if away < best[0]:
                best = away, group
    state = "launched" if total and best[1] else best[1]
    quantity = f"{unit}_{state}" if state else ""
    if not quantity or quantity == "munitions_intercepted":
        return None
    return Meant(quantity, item.amount.value, item.amount.high, "flow", 0.004 * best[0], f"{unit} {state}")


def regions_cut(sentence: Sentence, item: Counted) -> Meant | None:
    """Return the number of regions in emergency cuts, if that is what a number counts."""
    if item.unit != "regions" or not sentence.of("emergency") or item.amount.share:
        return None
    reason = "regions in emergency cuts"
    return Meant("regions_in_emergency_cuts", item.amount.value, item.amount.high, "stock", 0.1, reason)
