"""
Put the source of the documentation site together: texts of the repository, notebooks, and pages made from the library.

    python docs/site/pages.py FOLDER

Sphinx then builds FOLDER (`make docs` does both).
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
from functools import cache
from pathlib import Path

import figure_pages
import gallery
import record_pages
import reference_pages as reference

import energy_impact as ei
from energy_impact.results.record import track_record

SITE = Path(__file__).resolve().parent
ROOT = SITE.parents[1]
TEXTS = {
    "README.md": "guide.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "seeds/README.md": "seeds.md",
    "benchmarks/README.md": "speed.md",
}
"""Texts outside docs, and their pages."""
TITLES = {"README.md": "# Guide", "seeds/README.md": "# Where facts come from", "benchmarks/README.md": "# Speed"}
IN_TRUST = ("record", "reliability", "accuracy", "calibration")
IN_REFERENCE = ("wording", "glossary")
"""Where a page of docs stands; all others stand under "How it works"."""
EXTRAS = {
    "parquet": "tables as Parquet files",
    "excel": "results as a workbook, figures from one",
    "xarray": "results as an xarray Dataset",
    "dask": "many scenarios on many machines",
}
"""The extras that a user may want, and what for."""


def write_source(folder: Path) -> None:
    """Write the source of the site into a folder, anew."""
    shutil.rmtree(folder, ignore_errors=True)
    skipped = shutil.ignore_patterns("site", "*.py")
    shutil.copytree(ROOT / "docs", folder, ignore=skipped)
    for table in (ROOT / "seeds").glob("*.csv"):
        shutil.copy(table, folder)
    shutil.copytree(ROOT / "notebooks", folder / "tutorials", ignore=shutil.ignore_patterns(".*"))
    (folder / "docs").mkdir()  # where notebooks look for the record
    shutil.copy(ROOT / "docs" / "record.csv", folder / "docs")
    (folder / "_static").mkdir()
    shutil.copy(SITE / "site.css", folder / "_static")
    (folder / "_templates").mkdir()
    for template in SITE.glob("*.html"):
        shutil.copy(template, folder / "_templates")
    shutil.copy(SITE / "conf.py", folder)
    _write_texts(folder)
    _write_hand_made(folder)
    _write_made(folder)


def _write_texts(folder: Path) -> None:
    """Write the texts of the repository, with links between them."""
    pages = _page_names(folder)
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in TEXTS}
    texts |= {f"docs/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
    for name, text in texts.items():
        titled = re.sub(r"\A# .*", TITLES[name], text) if name in TITLES else text
        titled = re.sub(r"^Written by .*; do not edit\.\n", "", titled, flags=re.MULTILINE)
        (folder / pages[name]).write_text(linked(titled, pages), encoding="utf-8")


def _page_names(folder: Path) -> dict[str, str]:
    """Return the page, or file to fetch, that each name in a text points to."""
    own = [*folder.glob("*.md"), *folder.glob("*.csv")]
    return TEXTS | {f"docs/{path.name}": path.name for path in own} | {path.name: path.name for path in own}


def linked(text: str, pages: dict[str, str]) -> str:
    """Return a text in which names of texts and of public functions lead to their pages."""
    parts, inside = [], False
    for line in text.replace("](docs/", "](").splitlines(keepends=True):
        inside ^= line.startswith("```")
        parts.append(line if inside or line.startswith(("    ", "#", "```")) else _linked_line(line, pages))
    return "".join(parts)


def _linked_line(line: str, pages: dict[str, str]) -> str:
    def lead(match: re.Match[str]) -> str:
        quoted, target = match[0], match[1]
        name = re.sub(r"^ei\.", "", re.sub(r"^estimate\.", "Estimate.", target.split("(")[0]))
        if target in pages:
            return f"[{quoted}]({pages[target]})"
        known = target.startswith(("ei.", "estimate.")) and name in reference.public_names()
        return f"[{quoted}](api/{name}.md)" if known else quoted

    return re.sub(r"(?<!\[)`([^`\n]+)`", lead, unbroken(line))


def unbroken(text: str) -> str:
    """Return a text whose numbers stay on one line with the sign or unit behind them."""
    return re.sub(r"(?<=\d) (?=[%±]|°C)|(?<=±) (?=\d)", "\u00a0", text)


def _write_hand_made(folder: Path) -> None:
    """Write the pages of this folder, with what they leave open filled in."""
    others = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
    filled = {
        "record": unbroken(track_record()),
        "tutorials": "\n".join(map(_tutorial, sorted((ROOT / "notebooks").glob("*.ipynb")))),
        "trust": "\n".join(IN_TRUST),
        "how": "\n".join(name for name in others if name not in IN_TRUST + IN_REFERENCE),
        "figures": "".join((ROOT / "seeds" / "figures.csv").read_text(encoding="utf-8").splitlines(True)[:4]).rstrip(),
        "scenario": (SITE / "northport.toml").read_text(encoding="utf-8").rstrip(),
        "answer": _answer(),
        "headline": _kyiv().headline,
        "extras": _extras(),
        "version": ei.__version__,
        "pictures": gallery.thumbs(gallery.entries(), "gallery.html"),
    }
    for path in SITE.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        for name, what in filled.items():
            text = text.replace(f"{{{{{name}}}}}", what)
        if path.name != "examples.md":
            (folder / path.name).write_text(text, encoding="utf-8")


def _tutorial(path: Path) -> str:
    """Return the entry of a notebook: its task if its metadata name one, else its title."""
    task = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("task")
    return f"{task} <tutorials/{path.stem}>" if task else f"tutorials/{path.stem}"


def _extras() -> str:
    """Return what each extra of the package installs, as a table."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    rows = [(f"`{name}`", what, f"`{extras[name][0].split('>')[0]}`") for name, what in EXTRAS.items()]
    return reference.table(("extra", "for", "installs"), rows)


def _answer() -> str:
    """Run the scenario of the page on files, and return what it says as a table."""
    estimate = ei.estimate(ei.load_scenario(SITE / "northport.toml"), members=512, rng=1)
    rows = [
        (row.place, f"`{row.quantity}`", *(f"{hours:.0f}" for hours in (row.t50_h, row.t50_low_h, row.t50_high_h)))
        for row in estimate.summary().head(2).itertuples()
    ]
    head = ("place", "quantity", "half back after [h]", "low", "high")
    return f"{estimate.fit_text}\n\n{reference.table(head, rows)}"


@cache
def _kyiv() -> ei.Estimate:
    """Return the run that the landing page speaks of and links to."""
    return ei.estimate(ei.load_scenario("kyiv-2026-01-24"), rng=1)


def _write_made(folder: Path) -> None:
    """Write the pages, pictures and the report that are made from the library."""
    for name, page in {
        "figures.md": figure_pages.figures_page(),
        "parameters.md": reference.parameters_page(),
        "quantities.md": reference.quantities_page(),
        "wordings.md": reference.wordings_page(),
        "gallery.md": gallery.write_gallery(folder),
    }.items():
        (folder / name).write_text(page, encoding="utf-8")
    gallery.write_wordings(folder / "wordings.png")
    gallery.write_front(folder / "front.png")
    (folder / "api").mkdir()
    (folder / "events").mkdir()
    named = {f"api/{name}": page for name, page in reference.api_pages().items()} | record_pages.record_pages()
    for name, page in named.items():
        (folder / name).write_text(page, encoding="utf-8")
    (folder / "as_it_is").mkdir()
    for language, ending in {"en": "", "uk": "-uk"}.items():
        for kind in ("", "-brief"):
            page = folder / "as_it_is" / f"kyiv{kind}{ending}.html"
            _kyiv().report(page, brief=bool(kind), language=language)


if __name__ == "__main__":
    write_source(Path(sys.argv[1]))
