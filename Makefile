PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench notebooks clean

demo: .venv/runtime
	$(BIN)/energy-impact demo --out out/demo

test: .venv/dev
	$(BIN)/python -m pytest

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest benchmarks --benchmark-enable --benchmark-only

notebooks: .venv/dev
	$(BIN)/jupyter execute --timeout=120 notebooks/*.ipynb

.venv/runtime: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@ .venv/runtime

clean:
	rm -rf .venv build dist out
