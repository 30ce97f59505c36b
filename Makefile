# Everything a newcomer needs: `make serve`, `make test`. Sets itself up in .venv on first use.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := .ci/install $(BIN)/python
ARGS ?=

# One more than there are cores: some of the quick tests wait, for a server to start or for a second.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# Images for containers like to switch it off, and each process of a test would compile everything.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help serve test check docs newest pythons soak bench dist format clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

serve: $(VENV)/.serve ## Run the mock server: make serve ARGS="--port 9000 --db mock.db"
	@exec $(BIN)/mock-mindvideo serve $(ARGS)

test: $(VENV)/.dev ## Run the tests but the slow ones
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow" $(ARGS)

check: $(VENV)/.dev ## Lint, types, layers, documents, properties at length, and the slow tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --python-version 3.14
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -n auto --dist worksteal -m "hypothesis and not slow" --hypothesis-profile thorough $(ARGS)
	$(BIN)/python -m pytest -n auto --dist loadfile -m slow --hypothesis-profile thorough --ignore tests/faults $(ARGS)
	$(BIN)/python -m pytest -m slow --hypothesis-profile thorough tests/faults $(ARGS)

docs: $(VENV)/.dev ## Build the documents as a site, and serve it on http://127.0.0.1:8000
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve --strict $(ARGS)

newest: ## Types and the quick suite with the newest release of every dependency
	@ARGS='$(ARGS)' .ci/versions --newest $$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

pythons: ## Types and the quick suite on each of Python 3.11 to 3.14 that is installed
	@ARGS='$(ARGS)' .ci/versions

soak: $(VENV)/.dev ## The figures of scale, and the fault loops at full length: hours; FAULTS_SEED=N repeats one
	$(BIN)/python -m tests.scale
	FAULTS_SOAK=1 $(BIN)/python -m pytest -m slow -s tests/faults $(ARGS)

bench: $(VENV)/.dev ## Measure against a bare server, and other mocks where they are installed
	$(BIN)/python -m tests.benchmarks $(ARGS)

dist: ## Build what is released into dist/, twice, and check it; with a list of all it brings along
	@.ci/release dist

format: $(VENV)/.dev ## Rewrite the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what was set up and built
	rm -rf $(VENV) .build build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: install Python 3.11 or newer, or make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) 'pip>=25.1'

$(VENV)/.serve: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[media,redis]'
	@touch $@

$(VENV)/.dev: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[all]' --group dev
	@touch $@ $(VENV)/.serve
