# `make` lists the targets; every one of them installs into .venv first if need be.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PACKAGES := vidpipe tests bench

.DEFAULT_GOAL := help
.PHONY: help install demo test crash check format lint types audit lock schema bench clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

install: $(INSTALLED) ## install vidpipe and its tools into .venv, versions and hashes as locked

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "vidpipe needs Python 3.11 or newer: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: install ## make the films of specs/ offline, with no key
	$(BIN)/vidpipe run specs

test: install ## run the tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

crash: install ## break runs off at all their operations, not at some of them; takes hours
	KILL_EVERY=1 POWER_EVERY=1 DISK_EVERY=1 $(BIN)/python -m pytest -n 2 --dist worksteal --timeout 0 tests/crash

check: install format lint types audit test ## everything that CI runs

format: install ## the formatter has nothing to change
	$(BIN)/ruff format --check .

lint: install ## the linter finds nothing
	$(BIN)/ruff check .

types: install ## mypy --strict finds nothing
	$(BIN)/mypy

audit: install ## nothing that is locked has a known vulnerability (skipped only where nobody can be asked)
	$(BIN)/python .ci/audit.py

schema: install ## write the JSON Schema of specs beside the examples
	$(BIN)/vidpipe schema > specs/vidpipe.schema.json

bench: install ## measure; prints each figure with its command
	$(BIN)/python -m bench

lock: install ## pin the newest versions that pyproject.toml allows, with the uv that is locked
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --group dev pyproject.toml -o requirements.lock

clean: ## remove what was installed and cached; runs/ and films/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
