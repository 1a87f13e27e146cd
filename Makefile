# Every target sets up .venv itself, and only when pyproject.toml or requirements.lock is newer than the last set-up.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo test bounds lint bench bench-quality dashboard clean lock

PYTHON ?= python3
PYTEST_ARGS ?=
BENCH_ARGS ?=
BENCH ?= $(if $(BENCH_ARGS),workloads,workloads travel_times insertion routing)
PORT ?= 8501

BIN := .venv/bin
READY := .venv/.ready
PEERS := .venv/.peers
UV_VERSION := 0.13.9
KERNEL_TESTS := tests/routing_tests tests/dispatch_tests tests/test_same_log_on_both_clocks.py
CHECKED := maas routing simulation scenarios dashboards benchmarks tests

help: ## This list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
	  || sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1   \2/p' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv from requirements.lock (the other targets do it themselves)
	@:

demo: $(READY) ## A weekday in Sakura under three services: table on the screen, outcomes and picture in runs/
	@$(BIN)/maas demo

test: $(READY) ## All tests (PYTEST_ARGS="-k words" for some)
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

bounds: $(READY) ## Tests of kernels and dispatcher with every array access checked
	@NUMBA_BOUNDSCHECK=1 $(BIN)/python -m pytest $(KERNEL_TESTS)

lint: $(READY) ## ruff and mypy
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/ruff format --check $(CHECKED)
	@$(BIN)/mypy

bench: $(READY) $(PEERS) ## Speed measured side by side; adds rows to benchmarks/history/ (BENCH=routing BENCH_ARGS="--help" for choices)
	@for one in $(BENCH); do $(BIN)/python -m benchmarks.bench_$$one $(BENCH_ARGS); done

bench-quality: $(READY) $(PEERS) ## Gap to the best known plans beside other solvers; ten minutes (BENCH_ARGS="--all --jobs 2" for everything)
	@$(BIN)/python -m benchmarks.quality $(BENCH_ARGS)

dashboard: $(READY) ## The planner's pages over runs/, on this machine only; computes the shipped studies once (PORT=8501)
	@echo "http://localhost:$(PORT)  (Ctrl-C ends it)"
	@$(BIN)/python -m dashboards.planner --server.port $(PORT) -- --compute-shipped

clean: ## Remove .venv, caches and builds; runs/ stays
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(READY) ## Resolve pyproject.toml again into requirements.lock, keeping the versions that still fit
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --python-version 3.11 --python-platform linux \
	  --system-certs --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet -o requirements.lock
	@echo "requirements.lock: $$(grep -c ^[a-z] requirements.lock) packages"

# Counts pip's lines instead of showing all of them: one moving line on a terminal, every tenth package elsewhere.
define COUNT_PACKAGES
/^ *(Collecting|Processing|Requirement already satisfied)/ { \
  n++; \
  if (tty) printf "\r  package %d of %d\033[K", n, total; \
  else if (n % 10 == 0 || n == total) printf "  package %d of %d\n", n, total; \
  fflush(); next } \
/^Installing collected/ { printf "%s  installing\n", tty ? "\r\033[K" : ""; fflush(); next }
endef

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "$(PYTHON) is not Python 3.11 or newer: install one and name it, as in make setup PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) cannot make virtual environments (ensurepip is missing): apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv (once; a few minutes on a slow line)"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes --no-deps \
	  -r requirements.lock 2> >(grep -v ^WARNING >&2) | awk -v total=$$(grep -c ^[a-z] requirements.lock) -v tty=$$([ -t 2 ] && echo 1 || echo 0) '$(COUNT_PACKAGES)'
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(PEERS): $(READY)
	@echo "Installing the engines that are compared with, by the exact versions of the extra bench"
	@pins=$$($(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"])'); \
	  $(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet --no-deps $$pins 2> >(grep -v ^WARNING >&2) && touch $(PEERS) \
	  || echo "They could not be installed: their columns stay empty" >&2
