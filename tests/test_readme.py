"""What the README says is so: its code runs, its commands exist, its layout and glossary are those of the library."""

from __future__ import annotations

import inspect
import re
import shlex
import tomllib
from pathlib import Path

import energy_impact as ei
from energy_impact import cli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shell_lines() -> list[list[str]]:
    """Words of each line of the shell blocks, without comments."""
    lines = "\n".join(blocks("sh")).splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def glossary() -> list[str]:
    table = README.split("## Glossary")[1].split("\n## ")[0]
    rows = [row for row in table.splitlines() if row.startswith("| `")]
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


def test_the_python_of_the_readme_runs_in_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), names)
    assert (tmp_path / "restoration.png").stat().st_size > 10_000
    assert "fitted" in capsys.readouterr().out
    assert names["more"].mean() > 0


def test_every_make_command_of_the_readme_is_a_target():
    targets = re.findall(r"^([\w/.]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = set(re.findall(r"\bmake (\w+)`", README)) | {words[1] for words in shell_lines() if words[0] == "make"}
    assert {"demo", "test", "lint", "bench"} <= named
    assert named <= set(targets)


def test_every_command_line_of_the_readme_parses_and_its_files_are_there():
    in_table = re.findall(r"`time (\.venv/bin/energy-impact [^`]+)`", README)
    commands = [*shell_lines(), *map(shlex.split, in_table)]
    own = [words[1:] for words in commands if words[0].endswith("energy-impact")]
    assert {words[0] for words in own} >= {"demo", "estimate", "figures"}
    for words in own:
        options = cli._parser().parse_args(words)
        if options.command == "figures":
            assert (ROOT / options.file).is_file()
        else:
            assert options.scenario in ei.scenarios() or (ROOT / options.scenario).is_file()


def test_files_that_the_readme_points_to_are_there():
    pointed = re.findall(r"\]\(([^)]+)\)", README) + re.findall(r"`((?:docs|notebooks|seeds)/[\w./-]*)`", README)
    assert len(pointed) > 3
    assert [path for path in pointed if not (ROOT / path).exists()] == []


def test_the_layout_is_the_tree():
    layout = next(block for block in blocks("text") if "energy_impact/" in block)
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


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"\W", line)[0] for line in project["dependencies"]]
    assert re.findall(r"`(\w+)` for", README.split("## Dependencies")[1].split("\n## ")[0]) == names
