"""The words of a language, read from its file, and the tags that they give to the tokens of a sentence.

A file in `lexicons/` is all that a language needs. Each table is a group of meanings; each key is a meaning, and its
list holds the phrases for it. In a phrase, ``stem*`` is any word that begins so and ``*ending`` any that ends so.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from energy_impact._checks import check_choice
from energy_impact.text.tokens import LONGEST_WORD, Dots, as_looked_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from energy_impact.text.tokens import Token

_FOLDER = Path(__file__).parent / "lexicons"
LANGUAGES = tuple(sorted(path.stem for path in _FOLDER.glob("??.toml")))
"""Languages that can be read, by the names of their files."""

LONGEST_PHRASE = 7
"""Words of the longest phrase that is looked up."""
SAMPLE, WORDS = 20_000, 200
"""Characters of a text, and different words in them, from which its language is recognised."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A meaning of the tokens from `start` up to `end`."""

    start: int
    end: int
    group: str
    value: str


@dataclass(frozen=True)
class Phrases:
    """Phrases and their meanings, as a tree of words and stems."""

    tree: dict[str, Any] = field(default_factory=dict)
    elements: set[str] = field(default_factory=set)
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, phrase: str, meaning: tuple[str, str]) -> None:
        """Add a phrase."""
        node = self.tree
        for element in as_looked_up(phrase).split():
            self.elements.add(element)
            node = node.setdefault(element, {})
        node.setdefault("", []).append(meaning)

    def matching(self, word: str) -> tuple[str, ...]:
        """Return the words and stems of the phrases that a word matches."""
        if word not in self.known:
            n = len(word)
            forms = [word, *(word[:k] + "*" for k in range(n, 1, -1)), *("*" + word[-k:] for k in range(n - 1, 1, -1))]
            found = tuple(form for form in forms if form in self.elements)
            if len(self.known) > 50_000:
                self.known.clear()
            self.known[word] = found
        return self.known[word]

    def found(self, tokens: Sequence[Token], at: int) -> Iterator[tuple[int, tuple[str, str]]]:
        """Yield the end and meaning of each phrase that begins at a token, short phrases first."""
        nodes = [self.tree]
        for end in range(at, min(at + LONGEST_PHRASE, len(tokens))):
            forms = self.matching(tokens[end].word)
            nodes = [node[form] for node in nodes for form in forms if form in node]
            if not nodes:
                return
            for node in nodes:
                for meaning in node.get("", ()):
                    yield end + 1, meaning


@dataclass(frozen=True)
class Lexicon:
    """
    The words of one language.

    Attributes
    ----------
    language : str
        Name of the file.
    phrases : Phrases
        Phrases and their meanings, by group.
    numbers : mapping
        Number words and their values.
    dots : Dots
        Words whose dot may end no sentence.
    common, letters : frozenset of str
        Words and letters by which a text in the language is recognised.
    endings : tuple of (str, str)
        Endings of names in a case, and those of the name itself.
    possessive : str
        Ending of a name that owns what follows, such as "'s"; empty where there is none.
    number_joint : str
        Word that joins the parts of a number word: "and" in "a hundred and five", "und" inside of German compounds.
    capital_nouns : bool
        Whether all nouns begin with a capital letter.
    verb_last : bool
        Whether the verb that says "will" may stand at the end of its clause.
    double_negation : bool
        Whether the verb after "nobody" is negated too: "ніхто не має" is "nobody has".
    """

    language: str
    phrases: Phrases
    numbers: Mapping[str, float]
    dots: Dots
    common: frozenset[str]
    letters: frozenset[str]
    endings: tuple[tuple[str, str], ...]
    possessive: str
    number_joint: str
    capital_nouns: bool
    verb_last: bool
    double_negation: bool


class Sentence:
    """The tokens of a sentence with their tags; `of(group)` has the tags of a group in order."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self.tokens, self.lexicon = tokens, lexicon
        self.starts: dict[tuple[str, int], Tag] = {}
        self.ends: dict[tuple[str, int], Tag] = {}
        self.groups: dict[str, list[Tag]] = {}
        for tag in tags(tokens, lexicon.phrases):
            self.starts.setdefault((tag.group, tag.start), tag)
            self.ends.setdefault((tag.group, tag.end), tag)
            self.groups.setdefault(tag.group, []).append(tag)

    def of(self, group: str) -> list[Tag]:
        """Return the tags of a group, in order."""
        return self.groups.get(group, [])

    def at(self, group: str, start: int) -> Tag | None:
        """Return the tag of a group that begins at a token."""
        return self.starts.get((group, start))

    def ending(self, group: str, end: int) -> Tag | None:
        """Return the tag of a group that ends before a token."""
        return self.ends.get((group, end))

    def tagged(self, at: int, *groups: str) -> bool:
        """Whether a tag of one of the groups begins at a token."""
        return any((group, at) in self.starts for group in groups)

    def nobody(self, at: int) -> Tag | None:
        """Return the word for "none" that begins at a token; "no" is one only before what it counts."""
        tag = self.at("nobody", at)
        if tag is None or tag.value != "no":
            return tag
        unit, service = self.at("unit", tag.end), self.at("service", tag.end)
        return None if unit is None or (service is not None and service.end > unit.end) else tag

    def negation(self, end: int) -> bool:
        """Whether a negation ends before a token, other than that in "nobody"."""
        tag = self.ending("negation", end)
        return tag is not None and self.nobody(tag.start) is None

    def word(self, at: int) -> str:
        """Return the word at a token; empty outside of the sentence."""
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""


def tags(tokens: Sequence[Token], phrases: Phrases) -> Iterator[Tag]:
    """
    Yield the longest phrases of each group from left to right; those of one group do not overlap.

    Of two meanings of one phrase in a group the first counts, but any other one goes before "weak".
    """
    taken: dict[str, int] = {}
    for at in range(len(tokens)):
        longest: dict[str, Tag] = {}
        for end, (group, value) in phrases.found(tokens, at):
            other = longest.get(group)
            if taken.get(group, 0) <= at and (other is None or end > other.end or other.value == "weak"):
                longest[group] = Tag(at, end, group, value)
        for group, tag in longest.items():
            taken[group] = tag.end
            yield tag


@cache
def lexicon_of(language: str) -> Lexicon:
    """
    Return the lexicon of a language.

    Raises
    ------
    ValueError
        If the language has no lexicon; the message lists those that have.
    """
    language = check_choice("language", language, LANGUAGES)
    table = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    plain = table.pop("language")
    phrases, numbers = Phrases(), {}
    for group, meanings in table.items():
        for value, words in meanings.items():
            for phrase in words:
                phrases.add(phrase, (group, value))
                if group == "number":
                    numbers[as_looked_up(phrase)] = float(value)
    return Lexicon(
        language,
        phrases,
        numbers,
        _dots(
            plain, [] if plain["capital_nouns"] else [word for words in table["multiplier"].values() for word in words]
        ),
        frozenset(plain["common"]),
        frozenset(plain["letters"]),
        tuple((old, new) for old, new in plain["endings"]),
        plain["possessive"],
        plain["number_joint"],
        plain["capital_nouns"],
        plain["verb_last"],
        plain["double_negation"],
    )


def _dots(plain: Mapping[str, Any], multipliers: Sequence[str]) -> Dots:
    """Return the words whose dot may end no sentence."""
    names = frozenset(plain["abbreviations"])
    return Dots(names, names.intersection(multipliers), frozenset(plain["closing"]), frozenset(plain["continuing"]))


def recognise_language(text: str) -> str:
    """
    Return the language of a text, by its common words and by letters that only one language has.

    A text that shows none of them counts as English.

    Examples
    --------
    >>> recognise_language("Без світла залишаються 300 споживачів")
    'uk'
    """
    words = re.findall(rf"[^\W\d_]{{1,{LONGEST_WORD}}}", text[:SAMPLE].lower())
    counts = Counter(words)
    letters = Counter("".join(words))
    sample = list(counts)[:WORDS]

    def score(language: str) -> tuple[float, bool]:
        lexicon = lexicon_of(language)
        common = sum(counts[word] for word in lexicon.common)
        own = sum(letters[letter] for letter in lexicon.letters)
        known = sum(bool(lexicon.phrases.matching(as_looked_up(word))) for word in sample)
        return common + 0.5 * own + 0.3 * known, language == "en"

    return max(LANGUAGES, key=score)
