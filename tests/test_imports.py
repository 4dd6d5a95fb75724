"""No module imports itself by way of others, for types alone neither; what is public is imported at its first use."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import energy_impact


def test_no_imports_run_in_a_circle() -> None:
    grimp = pytest.importorskip("grimp", reason="grimp comes with the tools of the code checks")
    graph = grimp.build_graph("energy_impact", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 80
    TopologicalSorter(imports).prepare()


def test_what_is_public_is_there_and_typed_alike() -> None:
    for name in set(energy_impact.__all__) - {"__version__"}:
        assert getattr(energy_impact, name).__module__.startswith("energy_impact."), name
    source = ast.parse(Path(energy_impact.__file__).read_text(encoding="utf-8"))
    typed = {(one.asname or one.name) for node in ast.walk(source) if _is_own(node) for one in node.names}
    assert typed == set(energy_impact.__all__) - {"__version__"} == energy_impact._HOME_OF.keys()
    assert set(energy_impact.__all__) <= set(dir(energy_impact))


def _is_own(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and str(node.module).startswith("energy_impact.")


UNIX = {"fcntl", "grp", "pwd", "resource", "termios"}
"""Modules that Windows does not have."""


@pytest.mark.parametrize("folder", ["benchmarks", "energy_impact"])
def test_every_module_can_be_imported_on_windows(folder: str) -> None:
    """The tests import all of them, in search of examples."""
    root = Path(energy_impact.__file__).resolve().parents[1] / folder
    at_import = {
        (path.name, name)
        for path in root.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([one.name for one in node.names] if isinstance(node, ast.Import) else [node.module])
    }
    assert len(at_import) > 80
    assert [one for one in at_import if one[1] in UNIX] == []


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'energy_impact' has no attribute 'estimates'"):
        energy_impact.estimates  # noqa: B018


def test_the_import_alone_loads_no_dependency() -> None:
    heavy = "sorted({'numpy', 'pandas', 'scipy', 'matplotlib'} & set(sys.modules))"
    code = f"import sys, energy_impact; print({heavy}); energy_impact.estimate; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['numpy', 'pandas', 'scipy']"]
