PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test browser lint bench notebooks docs accessible clean

demo: .venv/runtime
	@echo "Fitting the outage of the picture in README.md, and writing tables, a picture and a page to out/demo."
	$(BIN)/energy-impact demo --out out/demo

# One process per core, each with one thread.
test: .venv/dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Chromium for tests/browser, which are skipped without it: one that is there, else the system's, else Playwright's.
browser: .venv/dev
	$(BIN)/python -m pip install --quiet --editable ".[browser]"
	command -v chromium || command -v chromium-browser || command -v google-chrome \
		|| (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium) >/dev/null 2>&1 \
		|| $(BIN)/python -m playwright install chromium

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest benchmarks --benchmark-enable --benchmark-only

notebooks: .venv/dev
	$(BIN)/jupyter execute --timeout=120 notebooks/*.ipynb

# The documentation site, out/site/html: runs the notebooks, checks all links, needs no network.
docs: .venv/docs
	$(BIN)/python docs/site/pages.py out/site/source
	rm -rf out/site/html
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --jobs auto \
		--doctree-dir out/site/doctrees out/site/source out/site/html
	$(BIN)/python docs/site/check.py out/site/html

# Every page of the site that make docs built: axe in Chromium, light and dark, and no wider than a phone.
accessible: browser
	ALL_PAGES=1 $(BIN)/python -m pytest tests/browser/test_site_in_browser.py --numprocesses auto --dist worksteal

.venv/runtime: pyproject.toml
	@echo "Installing the library into .venv, once; with a slow connection this takes some minutes."
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/dev: pyproject.toml
	@echo "Installing the library with the tools of its tests into .venv, once; this takes some minutes."
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@ .venv/runtime

.venv/docs: .venv/dev
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	touch $@

clean:
	rm -rf .venv build dist out
