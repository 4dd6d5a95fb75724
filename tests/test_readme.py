"""README, CONTRIBUTING and docs hold: code runs, commands and files exist, layout, glossary and states agree."""

from __future__ import annotations

import inspect
import re
import shlex
import tomllib
from pathlib import Path

import energy_impact as ei
from energy_impact import cli
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.model.learned import EVENTS_BEHIND
from energy_impact.model.parameters import TABLE
from energy_impact.systems import STATES, SYSTEMS

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md"))
}
README, CONTRIBUTING, MODEL = TEXTS["README.md"], TEXTS["CONTRIBUTING.md"], TEXTS["model.md"]
MOST_LINES = 200
"""A README is read before anything is known; what is longer belongs into docs."""


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell_lines(text: str = README) -> list[list[str]]:
    """Words of each line of the shell blocks, without comments."""
    lines = "\n".join(blocks("sh", text)).splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def glossary() -> list[str]:
    rows = [row for row in TEXTS["glossary.md"].splitlines() if row.startswith("| `")]
    assert all(row.count("|") == 4 and row.split("|")[2].strip() for row in rows)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def parameters() -> dict[str, str]:
    """Every parameter of a public function, class or public method, and one place where it stands."""
    public = {name: getattr(ei, name) for name in ei.__all__ if callable(getattr(ei, name))}
    for name, thing in list(public.items()):
        if inspect.isclass(thing):
            methods = [key for key in dir(thing) if not key.startswith("_") and callable(getattr(thing, key))]
            public |= {f"{name}.{key}": getattr(thing, key) for key in methods}
    return {
        parameter: name
        for name, thing in public.items()
        for parameter in inspect.signature(thing).parameters
        if parameter != "self"
    }


def test_the_readme_is_short_and_begins_with_the_picture():
    lines = README.splitlines()
    assert len(lines) <= MOST_LINES
    assert lines[2].startswith("![")


def test_the_python_of_the_readme_runs_in_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), names)
    for picture in ("restoration.png", "options.png"):
        assert (tmp_path / picture).stat().st_size > 10_000
    assert "fitted" in capsys.readouterr().out
    table = names["comparison"].table().set_index("option")
    hours = table[table["measure"] == "t50_h of power_customers_out"]["difference"]
    assert hours["crews doubled"] < 0 <= hours["again"]


def test_the_scenario_of_the_readme_is_complete(tmp_path):
    (text,) = blocks("toml")
    (tmp_path / "storm.toml").write_text(text, encoding="utf-8")
    scenario = ei.load_scenario(tmp_path / "storm.toml")
    assert ei.estimate(scenario, members=8, rng=1).status == "fitted"
    assert [one.crews for one in scenario.what_ifs] == [2.0]


def test_the_python_of_what_if_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for block in blocks("python", TEXTS["what_if.md"]):
        exec(compile(block, "what_if.md", "exec"), {})
    assert (tmp_path / "options.png").stat().st_size > 10_000


def test_every_make_command_is_a_target():
    targets = re.findall(r"^([\w/.]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = {
        name: set(re.findall(r"\bmake (\w+)`", text)) | {words[1] for words in shell_lines(text) if words[0] == "make"}
        for name, text in TEXTS.items()
    }
    assert {"demo", "test"} <= named["README.md"]
    assert {"test", "lint", "bench", "notebooks", "browser"} <= named["CONTRIBUTING.md"]
    assert set.union(*named.values()) <= set(targets)


def test_every_command_line_parses_and_its_files_are_there():
    in_table = re.findall(r"`(?:time )?((?:\.venv/bin/)?energy-impact [^`]+)`", "\n".join(TEXTS.values()))
    commands = [*(line for text in TEXTS.values() for line in shell_lines(text)), *map(shlex.split, in_table)]
    own = [words[1 + first :] for words in commands for first in _position(words)]
    assert {words[0] for words in own} >= {"demo", "estimate", "figures", "read"}
    for words in own:
        options = cli._parser().parse_args(words)
        if options.command == "figures":
            assert (ROOT / options.file).is_file()
        elif options.command not in {"read", "draft"}:
            assert options.scenario in ei.scenarios() or (ROOT / options.scenario).is_file()


def _position(words: list[str]) -> list[int]:
    """Where the command stands in a line, after settings of the environment."""
    return [first for first, word in enumerate(words) if word.endswith("energy-impact") and "=" not in word][:1]


def test_files_that_a_text_points_to_are_there():
    top = "docs|notebooks|seeds|tests|benchmarks|energy_impact|\\.ci|\\.github"
    pointed = [
        path
        for text in TEXTS.values()
        for path in (*re.findall(rf"(?<![\w/])((?:{top})/[\w./-]*\w)", text), *re.findall(r"\]\(([\w./-]+)\)", text))
    ]
    assert len(pointed) > 60
    assert [path for path in pointed if not (ROOT / path).exists() and not (ROOT / "docs" / path).exists()] == []


def test_files_that_the_code_points_to_are_there():
    folders = ("energy_impact", "benchmarks", "tests", "docs", "seeds", "notebooks")
    files = [*ROOT.glob("*.md"), *(path for folder in folders for path in (ROOT / folder).rglob("*.*"))]
    names = ["/" + path.relative_to(ROOT).as_posix() for path in files]
    pointed = {
        path
        for code in files
        if code.suffix == ".py"
        for path in re.findall(r"`((?:[\w.]+/)*\w+\.(?:py|md))`", code.read_text(encoding="utf-8"))
    }
    assert len(pointed) > 20
    assert [path for path in sorted(pointed) if not any(name.endswith("/" + path) for name in names)] == []


def test_the_readme_points_to_every_page_of_docs():
    assert [path.name for path in (ROOT / "docs").glob("*.md") if f"`docs/{path.name}`" not in README] == []


def test_the_layout_is_the_tree():
    layout = next(block for block in blocks("text", CONTRIBUTING) if "energy_impact/" in block)
    named = set(re.findall(r"\w+\.py\b", layout))
    modules = {path.name for path in (ROOT / "energy_impact").rglob("*.py") if not path.name.startswith("__")}
    folders = {path.parent.name + "/" for path in (ROOT / "energy_impact").rglob("*.py")}
    assert named == modules
    assert folders <= set(re.findall(r"\w+/", layout))


def test_every_qualifier_and_status_is_told():
    for word in ("exact", "about", "at_least", "over", "up_to", "almost", "under", "range", "all", "none", "dozens"):
        assert f"`{word}`" in README
    for status in ("fitted", "figures contradict", "prior only"):
        assert f"**{status}**" in README


def test_every_column_of_the_summary_is_told():
    columns = ei.estimate(ei.load_scenario(cli.DEMO), members=8, rng=1).summary().columns
    measures = [name for name in columns[3:] if not re.search(r"_(low|high)(_h)?$", name)]
    assert [name for name in measures if f"`{name}`" not in README] == []


def test_the_glossary_holds_every_public_parameter():
    assert {name: where for name, where in parameters().items() if name not in glossary()} == {}


def test_the_glossary_holds_no_other_name_and_none_twice():
    assert sorted(glossary()) == sorted(set(parameters()))


def test_the_events_behind_the_priors_of_attacks_and_accidents_are_those_learned_from():
    attacks, faults, accidents = (EVENTS_BEHIND[kind][1] for kind in ("attack", "local_fault", "heat_accident"))
    said = f"Their priors come from {attacks} attacks, {faults} local faults and {accidents} heating accidents,"
    assert said in " ".join(README.split())


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"\W", line)[0] for line in project["dependencies"]]
    assert re.findall(r"`(\w+)` for", README.split("## Dependencies")[1].split("\n## ")[0]) == names


def test_the_table_of_states_is_that_of_the_model():
    table = MODEL.split("## States")[1].split("\n## ")[0]
    rows = [row.split("|") for row in table.splitlines() if row.startswith("| `")]
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row[1])) == sorted(STATES)
    files = {name for row in rows for name in re.findall(r"`(\w+\.py)`", row[4])}
    assert [name for name in files if not (ROOT / "energy_impact" / "model" / name).is_file()] == []


def test_every_prior_is_in_the_equations():
    """By its name, without the system where each system has its own; homes and the cold have a page of their own."""
    told = set(re.findall(r"\w+", MODEL + TEXTS["cold.md"]))
    names = {re.sub(rf"_({'|'.join(SYSTEMS)})(?=$|_place$)", "", parameter.name) for parameter in TABLE}
    assert sorted(name for name in names if name not in told) == []


def test_the_noise_of_counts_is_told_for_each_kind_of_event():
    told = " ".join(MODEL.split("## 9. What is counted")[1].split()).split("σ is ")[1].split(". Small")[0]
    spreads = re.findall(r"(\d\.\d) (.*?)(?=,? (?:and )?\d\.\d|$)", told)
    found = {name: float(sd) for sd, of in spreads for name in EVENT_KINDS if name.replace("_", " ") in of}
    assert found == {name: kind.level_noise_sd for name, kind in EVENT_KINDS.items()}


def test_the_citation_has_the_version_and_the_licence_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {project['version']}\nlicense: {project['license']}\n" in citation
