"""Capitalised words that may name a place: where such a name begins and ends, and what must lead it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from energy_impact.text.lexicon import Sentence

LONGEST_NAME = 3
"""Capitalised words of the longest name that is not listed."""
SHORTEST_STEM = 4
"""Letters of a name that another case of it must share."""
_ROW_STARTS, _ROW_MARKS, _ROW_REACH = frozenset(":;,•|–—-"), frozenset(":–—-|("), 16
"""Marks before and after a name in a list of names with numbers, and tokens from one to the next. (judgement)"""
_COLON_REACH = 3
"""Tokens after a colon among which a place has its number. (judgement)"""
_TITLE, _TITLED = 4, 0.7
"""Long words of the shortest headline, and the share of them with a capital letter. (judgement)"""
_OF_NAMES = frozenset({"region", "compass", "name_start", "list_and", "first_name"})
"""Groups whose words a name may hold."""
_NEVER_NAMES = ("not_place", "pronoun", "weekday", "month", "title", "number", "multiplier", "ordinal")
"""Groups whose words are no names even with a capital letter."""
_MAY_NAME = frozenset({"region", "list_and", "place_form", "first_name"})
"""Groups whose words may be names where all nouns begin with a capital letter."""


def name_end(sentence: Sentence, at: int) -> int:
    """Return where a name that begins at a token ends; 0 where none begins."""
    end = at
    if sentence.at("region_before", at) is not None or _is_person(sentence, at):
        return 0
    while end < min(at + LONGEST_NAME, len(sentence.tokens)) and _may_name(sentence, end):
        if sentence.tagged(end + 1, "name_joint") and end + 2 < len(sentence.tokens) and _may_name(sentence, end + 2):
            return end + 3
        adjective = sentence.lexicon.endings and sentence.at("region", end + 1) is not None
        if end > at and (adjective or sentence.at("region", end) is not None):
            break
        if sentence.tagged(end, "name_start") and sentence.word(end + 1) == ".":
            return end + 3
        end += 1
        owner = owns(sentence, end - 1)
        if owner or (end < len(sentence.tokens) and sentence.tokens[end].start > sentence.tokens[end - 1].end + 1):
            break
    return end if end > at else 0


def _may_name(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    initials = sum(letter.isupper() for letter in token.text.split("-")[0][1:]) > 1
    if token.capital and sentence.tagged(at, "name_start") and _next_capital(sentence, at):
        return True
    if not token.capital or len(token.text) < 3 or initials or token.text.isupper() or not token.word:
        return False
    if at and not sentence.lexicon.capital_nouns:
        return not sentence.tagged(at, *_NEVER_NAMES)
    return not any((group, at) in sentence.starts for group in sentence.groups if group not in _MAY_NAME)


def _is_person(sentence: Sentence, at: int) -> bool:
    """Whether a first name begins at a token, and not the name of a place, as in "Scott County" and "in Tyler"."""
    if not sentence.tagged(at, "first_name") or sentence.tagged(at + 1, "region"):
        return False
    before = sentence.ending("place_before", at)
    alone = before is not None and before.value == "place" and not _next_capital(sentence, at)
    return not alone or bool(sentence.lexicon.endings)


def _next_capital(sentence: Sentence, at: int) -> bool:
    """Whether a capitalised word, or a dot and one, follows a token: "La Altagracia", "St. Tammany"."""
    after = at + 1 + (sentence.word(at + 1) == ".")
    return after < len(sentence.tokens) and sentence.tokens[after].capital


def _is_titled(sentence: Sentence) -> bool:
    """Whether most long words of a sentence begin with a capital letter, as in the headline of an American paper."""
    if sentence.lexicon.endings or sentence.lexicon.capital_nouns:
        return False
    words = [token for token in sentence.tokens if token.kind == "word" and len(token.text) >= SHORTEST_STEM]
    return len(words) >= _TITLE and sum(token.capital for token in words) >= _TITLED * len(words)


def _is_plain(sentence: Sentence, at: int) -> bool:
    """Whether no word of a name has a meaning of its own: none but a name in "in Suspected Arson Attack"."""
    groups = [group for group in sentence.groups if group not in _OF_NAMES]
    words = range(at, name_end(sentence, at))
    return not any((group, word) in sentence.starts for group in groups for word in words)


def led(sentence: Sentence, at: int) -> bool:
    """Whether a word stands before a token that a place follows: "in", or a unit with its genitive."""
    before = sentence.ending("place_before", at)
    if sentence.ending("everyone", at) and (sentence.lexicon.endings or sentence.ending("of", at)):
        return True
    if sentence.ending("region_before", at) is not None:
        return True
    if (
        before is not None
        and before.value == "loose"
        and sentence.tokens[before.start - 1].capital
        and before.start > 1
    ):
        return False
    if before is not None and _is_titled(sentence) and not (before.value == "place" and _is_plain(sentence, at)):
        return False
    if before is not None and before.value == "of":
        shares = sentence.ending("fraction", at) is not None or _owns_count(sentence, name_end(sentence, at))
        return shares or any(sentence.ending(group, before.start) for group in ("unit", "fraction", "order"))
    if before is not None and before.value == "bare":
        timed = sentence.at("part_of_day", before.start) is not None
        form = sentence.at("place_form", at)
        if form is not None and form.value != "none":
            return True
        return not timed and (_is_number(sentence, before.start - 1) or _is_number(sentence, name_end(sentence, at)))
    if before is not None:
        return True
    side = sentence.ending("compass", at)
    if side is not None and sentence.ending("place_before", side.start) is not None:
        return True
    if (
        (sentence.word(at - 1) in {"", "|"} and _heads(sentence, name_end(sentence, at)))
        or _is_row(sentence, at)
        or _suffers(sentence, at)
        or _has_count(sentence, at)
    ):
        return True
    if not sentence.lexicon.endings:
        return False
    described = sentence.ending("place_adjective", at) is not None and sentence.tokens[at - 1].text.islower()
    if described and sentence.ending("place_before", at - 1) is not None:
        return True
    adjective = at > 1 and sentence.tokens[at - 1].text.islower() and sentence.ending("unit", at - 1) is not None
    return adjective or any(sentence.ending(group, at) is not None for group in ("unit", "fraction"))


def _is_number(sentence: Sentence, at: int) -> bool:
    return 0 <= at < len(sentence.tokens) and sentence.tokens[at].kind == "number"


def _heads(sentence: Sentence, end: int) -> bool:
    """Whether a name that ends at a token is a line of its own, or a colon or the border of a table follows it."""
    mark, after = sentence.word(end), end + 1
    if end and mark == "." and after == len(sentence.tokens):
        return True
    if not end or not (end == len(sentence.tokens) or mark in {":", "|"}):
        return False
    spoken = after < len(sentence.tokens) and (sentence.tokens[after].capital or sentence.tagged(after, "place_before"))
    quoted = (spoken and not sentence.tagged(after, "qualifier")) or not _tells(sentence, after)
    return mark != ":" or not (quoted or sentence.lexicon.capital_nouns)


def _tells(sentence: Sentence, at: int) -> bool:
    """Whether a number, or words on who is out, stand soon after a colon; else the name before it speaks."""
    near = range(at, min(at + _COLON_REACH, len(sentence.tokens)))
    qualifier = sentence.at("qualifier", at)
    number = at if qualifier is None else qualifier.end
    counts = _is_number(sentence, number) or sentence.tagged(number, "number", "multiplier", "order")
    return counts or any(sentence.tagged(to, "out", "lack") for to in near)


def _suffers(sentence: Sentence, at: int) -> bool:
    """Whether a name begins a clause that says what it lacks: "Marlow lost power"."""
    begins = at == 0 or sentence.word(at - 1) in {",", ";"} or sentence.tagged(at - 1, "but", "list_and")
    end = name_end(sentence, at) if begins else 0
    return bool(end) and sentence.at("suffers", end) is not None


def _has_count(sentence: Sentence, at: int) -> bool:
    """
    Whether a name is said to have a count of its own, or an office that a place has.

    As in "and Marlow with 3,150", "Marlow accounted for 900", "hit Marlow (410 customers)" and "Marlow's mayor".
    """
    end = name_end(sentence, at)
    if not end:
        return False
    if owns(sentence, end - 1):
        return _owns_count(sentence, end) or sentence.at("place_office", end) is not None
    has = sentence.at("has_count", end)
    begins = at == 0 or sentence.word(at - 1) in _ROW_STARTS or sentence.tagged(at - 1, "list_and", "but")
    if has is None or not (begins or has.value != "weak"):
        return False
    qualifier = sentence.at("qualifier", has.end)
    after = has.end if qualifier is None else qualifier.end
    counts = _is_number(sentence, after) or sentence.tagged(after, "fraction", "order")
    return counts and (has.value != "bracket" or sentence.at("unit", after + 1) is not None)


def _owns_count(sentence: Sentence, end: int) -> bool:
    """Whether a name that ends at a token owns those counted after it: "150 of Marlow's 2,700 homes"."""
    counts = _is_number(sentence, end) and sentence.tagged(end + 1, "unit")
    return end > 0 and owns(sentence, end - 1) and counts


def _is_row(sentence: Sentence, at: int) -> bool:
    """Whether a name heads a number in a list, as another one does: "Marlow 48,210; Tarnford 7,415"."""
    if not heads_number(sentence, at):
        return False
    near = range(max(0, at - _ROW_REACH), min(at + _ROW_REACH, len(sentence.tokens)))
    return any(other != at and heads_number(sentence, other) for other in near)


def heads_number(sentence: Sentence, at: int) -> bool:
    """Whether a name begins at a token, a mark or nothing stands before it, and a number follows it."""
    end = name_end(sentence, at)
    area = sentence.at("region", end) if end else None
    return bool(end) and heads_row(sentence, at, end if area is None else area.end)


def heads_row(sentence: Sentence, at: int, end: int) -> bool:
    """Whether the tokens from `at` up to `end` begin a row of a list, with a number after them."""
    starts = at == 0 or sentence.word(at - 1) in _ROW_STARTS or sentence.tagged(at - 1, "list_and")
    if not (starts or sentence.word(end) == "("):
        return False
    after = end + (sentence.word(end) in _ROW_MARKS)
    qualifier = sentence.at("qualifier", after)
    after = after if qualifier is None else qualifier.end
    return after < len(sentence.tokens) and sentence.tokens[after].kind == "number"


def led_wrongly(sentence: Sentence, at: int) -> bool:
    """Whether a word stands before a token after which a name is no place, such as "Mayor"."""
    return sentence.ending("title", at) is not None or led_to_none(sentence, at)


def led_to_none(sentence: Sentence, at: int) -> bool:
    """Whether a word before a token leads to no place spoken of; a mere noun, as in "Teilen Bayerns", does not."""
    tag = sentence.ending("not_place", at)
    return tag is not None and tag.value != "noun"


def of_street(sentence: Sentence, at: int, end: int) -> bool:
    """Whether a name is that of a street or building: "Frankfurter Straße", "вулиці Київській"."""
    before = sentence.ending("street", at - (sentence.word(at - 1) == "."))
    return sentence.at("street", end) is not None or (before is not None and before.value == "both")


def written(sentence: Sentence, first: int, end: int) -> str:
    """Return a name as the text has it, without the ending of an owner."""
    name = " ".join(token.text for token in sentence.tokens[first:end]).replace(" . ", ". ")
    return name[: -len(sentence.lexicon.possessive)] if owns(sentence, end - 1) else name


def owns(sentence: Sentence, at: int) -> bool:
    """Whether the name that ends at a token owns what follows: "Marlow's customers"."""
    possessive = sentence.lexicon.possessive
    return bool(possessive) and sentence.tokens[at].word.endswith(possessive)


def stem(name: str) -> str:
    """Return what the cases of a name share."""
    low = name.lower()
    return low[: max(SHORTEST_STEM, len(low) - 3)]


def base_form(name: str, known: Counter[str] | None, endings: Sequence[tuple[str, str]]) -> str:
    """Return a name as a list of places would have it: its ending in a known case replaced."""
    shortest = min(known, key=lambda form: (len(form), form)) if known else name
    for form in (name, shortest):
        for old, new in endings:
            if form.endswith(old) and len(form) > len(old) + 1:
                return form[: -len(old)] + new
    return name
