"""
Check the built site: every link and anchor leads somewhere, nothing is fetched from outside, pictures are pictures.

    python docs/site/check.py FOLDER
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

OUTSIDE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')]+)""")


@dataclass
class _Page(HTMLParser):
    """Anchors of a page, addresses that a reader may follow, and those that the browser fetches by itself."""

    ids: set[str] = field(default_factory=set)
    followed: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the anchors and addresses of a tag."""
        for name, value in attrs:
            if value and name == "id":
                self.ids.add(value)
            elif value and name == "href" and tag == "a":
                self.followed.append(value)
            elif value and name in {"src", "href", "data", "poster"}:
                self.fetched.append(value)


def faults(folder: Path) -> list[str]:
    """Return every fault of a built site, as page and address."""
    pages = {path: _read(path) for path in folder.rglob("*.html")}
    found = [
        f"{path.relative_to(folder)}: {address} {why}"
        for path, page in pages.items()
        for address in {*page.followed, *page.fetched}
        if (why := _fault(path, address, page, pages))
    ]
    styles = [(path, address) for path in folder.rglob("*.css") for address in OUTSIDE.findall(path.read_text("utf-8"))]
    unseen = [path for path in pages if "&lt;Figure size" in path.read_text("utf-8")]
    return sorted(
        [
            *found,
            *(f"{path.relative_to(folder)}: {address} is outside" for path, address in styles),
            *(f"{path.relative_to(folder)}: picture is shown as text" for path in unseen),
        ]
    )


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _fault(path: Path, address: str, page: _Page, pages: dict[Path, _Page]) -> str:
    """Return what is wrong with an address of a page; empty if nothing is."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return "is fetched from outside" if address in page.fetched and parts.scheme != "data" else ""
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return "leads to no file"
    anchor = unquote(parts.fragment)
    known = target not in pages or not anchor or anchor in pages[target].ids
    return "" if known else "leads to no anchor"


def main(folder: Path) -> None:
    """Print the faults, or the size of the site; exit with 1 if there are faults."""
    found = faults(folder.resolve())
    if found:
        sys.exit("\n".join([f"{len(found)} faults", *found]))
    files = [path for path in folder.rglob("*") if path.is_file()]
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB; no fault")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
