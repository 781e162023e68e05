# What a person types here. `make help` lists it. PAPERLANE_HOME and PAPERLANE_PORT choose the stack.

PYTHON ?= python3
BIN := .venv/bin
SETUP = command -v $(PYTHON) >/dev/null || { echo "Python is missing. Cure: apt-get install python3" >&2; exit 1; }; \
	$(PYTHON) paperlane/local/setup.py
# For what makes no sense before `make up`.
STACK = [ -x $(BIN)/paperlane ] || { echo "Nothing is set up here yet; make up does it." >&2; exit 3; }; $(BIN)/paperlane
UV_VERSION := 0.13.9

.PHONY: help up down status logs test test-all fuzz check bench bench-scale train openapi release-api lock clean
.DEFAULT_GOAL := help

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

up: ## Set up, start everything, send the sample invoice through
	@$(SETUP) up
	@$(BIN)/paperlane up

down: ## Stop all that `make up` started; data and credentials stay
	@if [ -x $(BIN)/paperlane ]; then $(BIN)/paperlane down; fi

status: ## Parts, health, addresses, memory
	@$(STACK) status

logs: ## Follow the logs
	@$(STACK) logs

test: ## Every test that needs only the servers, which it starts for itself
	@$(SETUP) test
	@$(BIN)/pytest -m "not extra"

test-all: ## That, and what needs a browser, foreign clients, chart tools
	@$(SETUP) test-all
	@$(BIN)/pytest

FUZZ_SECONDS ?= 600
fuzz: ## Call every operation with data made up anew, FUZZ_SECONDS for each of three clients
	@$(SETUP) test-all
	@PAPERLANE_FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/pytest tests/e2e/test_fuzz.py

check: ## Format, lint, types, import rules, and whether the API would break its clients
	@$(SETUP) check
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.support.release

bench: ## Every benchmark, tables on the screen, JSON under bench/results
	@$(SETUP) test
	@set -e; for file in $(filter-out bench/scale.py,$(wildcard bench/[a-z]*.py)); do $(BIN)/python -m "bench.$$(basename "$$file" .py)"; done

bench-scale: ## Ten thousand and a million documents in one company: a matter of many minutes
	@$(SETUP) test
	@$(BIN)/python -m bench.scale

train: ## Train what ranks candidates for fields, on generated documents; DATA="FOLDER ..." adds folders with truth
	@$(SETUP) test
	@$(BIN)/python -m bench.training $(addprefix --data ,$(DATA))

openapi: ## Write gateway/openapi.json from what the services declare
	@$(SETUP) check
	@$(BIN)/python -m gateway.docs

release-api: ## Make the API as it is the release that later changes are compared with
	@$(SETUP) check
	@$(BIN)/python -m tests.support.release --take

# Each lock holds to the one before it, so that one environment serves all.
LOCK = .venv-lock/bin/uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 pyproject.toml
lock: ## Pin the dependencies of pyproject.toml with hashes
	@$(PYTHON) -m venv --clear .venv-lock
	@.venv-lock/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(LOCK) -o requirements/runtime.txt
	@$(LOCK) --extra local -c requirements/runtime.txt -o requirements/local.txt
	@$(LOCK) --extra local --extra dev -c requirements/local.txt -o requirements/dev.txt
	@rm -rf .venv-lock

clean: down ## Remove what can be made again; PAPERLANE_HOME stays
	@rm -rf .venv .venv-lock build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis bench/results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
