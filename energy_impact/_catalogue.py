"""Message catalogues: .po files as translators edit them, read into gettext's own tables, and written in order."""

from __future__ import annotations

import ast
import gettext
import io
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAGIC, _HEADER = 0x950412DE, 28
"""First number of a .mo file, and the bytes before its tables (GNU gettext manual, "The Format of GNU MO Files")."""
_CONTEXT, _PLURAL = "\x04", "\0"
"""What separates a context from its message, and a singular from its plural, in a .mo file."""


class Entry(NamedTuple):
    """A message of a catalogue; `plural` is None if it does not depend on a number."""

    context: str | None
    message: str
    plural: str | None = None
    forms: tuple[str, ...] = ("",)

    @property
    def key(self) -> tuple[str | None, str, str | None]:
        """What tells it from other messages."""
        return self.context, self.message, self.plural


def read_entries(text: str) -> list[Entry]:
    r"""
    Return the messages of a .po file in their order; those marked as fuzzy or obsolete are left out.

    Examples
    --------
    >>> read_entries('msgid "now"\nmsgstr "зараз"')
    [Entry(context=None, message='now', plural=None, forms=('зараз',))]
    """
    blocks = [block.splitlines() for block in text.split("\n\n")]
    return [_entry(block) for block in blocks if _counts(block)]


def _counts(block: list[str]) -> bool:
    fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block)
    return not fuzzy and any(line.startswith("msgid") for line in block)


def _entry(block: list[str]) -> Entry:
    fields: dict[str, str] = {}
    key = ""
    for line in block:
        if line.startswith("#") or not line.strip():
            continue
        name, _, rest = line.partition('"')
        key = name.strip() or key
        fields[key] = fields.get(key, "") + ast.literal_eval(f'"{rest}')
    forms = tuple(fields[key] for key in sorted(fields) if key.startswith("msgstr"))
    return Entry(fields.get("msgctxt"), fields["msgid"], fields.get("msgid_plural"), forms)


def translations(text: str) -> gettext.GNUTranslations:
    """Return the messages of a .po file as gettext's table; those without a translation are left out."""
    return gettext.GNUTranslations(io.BytesIO(_compiled(read_entries(text))))


def _compiled(entries: Iterable[Entry]) -> bytes:
    """Return the content of a .mo file."""
    pairs = sorted((_original(entry), _PLURAL.join(entry.forms).encode()) for entry in entries if all(entry.forms))
    start = _HEADER + 16 * len(pairs)
    tables, texts = [b"", b""], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<2I", len(pair[column]), start + len(texts))
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), _HEADER, _HEADER + 8 * len(pairs), 0, 0)
    return head + b"".join(tables) + texts


def _original(entry: Entry) -> bytes:
    context = "" if entry.context is None else entry.context + _CONTEXT
    plural = "" if entry.plural is None else _PLURAL + entry.plural
    return f"{context}{entry.message}{plural}".encode()


def written(entries: Iterable[Entry]) -> str:
    """
    Return messages as a .po file.

    Examples
    --------
    >>> print(written([Entry("short", "January", None, ("січ",))]), end="")
    msgctxt "short"
    msgid "January"
    msgstr "січ"
    """
    return "\n".join(map(_block, entries))


def _block(entry: Entry) -> str:
    fields = {"msgctxt": entry.context, "msgid": entry.message, "msgid_plural": entry.plural}
    lines = [f"{name} {_quoted(text)}\n" for name, text in fields.items() if text is not None]
    names = ["msgstr"] if entry.plural is None else [f"msgstr[{number}]" for number in range(len(entry.forms))]
    return "".join([*lines, *(f"{name} {_quoted(form)}\n" for name, form in zip(names, entry.forms, strict=True))])


def _quoted(text: str) -> str:
    """Return text as a .po file has it; several lines as lines of their own."""
    parts = [part.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n") for part in text.splitlines(True)]
    return '""\n' + "\n".join(f'"{part}"' for part in parts) if len(parts) > 1 else f'"{"".join(parts)}"'
