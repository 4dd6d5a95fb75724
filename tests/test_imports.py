"""No module imports itself by way of others; imports inside functions and for types alone count too."""

from graphlib import TopologicalSorter

import pytest

grimp = pytest.importorskip("grimp", reason="grimp comes with the tools of the code checks")


def test_no_imports_run_in_a_circle() -> None:
    graph = grimp.build_graph("energy_impact", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 80
    TopologicalSorter(imports).prepare()
