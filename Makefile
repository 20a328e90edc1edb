# Needs bash, make and a Python >= 3.11 with pip. All else is installed beside the checkout (.venv, .tools), locked by hash.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# The first Python that is new enough and has pip; `make PYTHON=/some/python ...` chooses another.
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python; do \
  $$python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
export PYTHON

UV := .ci/uv
DEV := .venv/.locked
DEMO := .tools/demo/.locked
SITE := .tools/docs/.locked
AUDIT := .tools/audit/.locked
BIN := .venv/bin
PACKAGES := agent collectors controls
CODE := $(PACKAGES) tests .ci deploy/image
PYTEST := $(BIN)/pytest -n auto --dist worksteal
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# Those of production, by what pyproject.toml declares: the image installs them by their locks.
EXTRAS = $(shell $(PYTHON) -c 'import tomllib; print(*sorted({*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]} - {"demo"}))')

.PHONY: help demo test check slow servers bench prowler formats mutants docs screenshots audit lint format types imports deps covered wheel reference proven lock clean

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

demo: $(DEMO) ## Run the simulated organisation through two cycles; print the newest bundle's path
	@.tools/demo/bin/starcadence demo

test: $(DEV) ## Run the tests, with a seeded tenth of the long sweeps
	@$(PYTEST)

check: lint types imports deps covered wheel ## All that must hold before a change lands; CI calls this

slow: $(DEV) ## Run the long sweeps whole
	@STARCADENCE_SWEEP=whole $(PYTEST) -m slow

servers: $(DEV) ## Build what tests speak to: MinIO, fake-gcs-server, Azurite, helm, kustomize, Kubernetes (needs go and npm)
	@$(BIN)/python -m tests.servers.tools
	@$(BIN)/python -m tests.deploy.cluster

bench: $(DEV) ## Print the figures of docs/performance.md, measured here
	@$(BIN)/python tests/bench/figures.py

prowler: $(DEV) ## Let Prowler, pinned, run beside us on one simulated account; print both (needs a network, 1.4 GB and ten minutes)
	@$(BIN)/python -m tests.bench.prowler

formats: $(DEV) ## Hold what we write and read against NIST's OSCAL, OCSF and the tools of others, pinned (needs a network, 0.6 GB, two minutes)
	@$(BIN)/python -m tests.bench.formats

mutants: $(DEV) ## Make each function of controls/ wrong in every small way, and print what no test of tests/controls notices
	@$(BIN)/python -m tests.bench.mutants

docs: $(SITE) ## Build the pages of docs/ as a site into .tools/site, strictly and without a network
	@$(PYTHON) .ci/site.py .tools/site
	@cd .tools/site && ../docs/bin/zensical build --strict --clean

screenshots: $(DEV) ## Take the pictures of docs/report.md anew: the demo in a headless Chromium
	@STARCADENCE_SWEEP=whole STARCADENCE_SCREENSHOTS=write $(BIN)/pytest -q -n 0 tests/deploy/test_screenshots.py

audit: $(AUDIT) ## Ask the database of known weaknesses about every locked requirement (needs a network)
	@.ci/audit

lint: $(DEV) ## Lint, and see that the format stands
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)

format: $(DEV) ## Format, and mend what the linter can mend
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

types: $(DEV) ## Check types, strictly
	@$(BIN)/mypy

imports: $(DEV) ## Hold the import contracts: agent -> controls -> collectors, never back
	@$(BIN)/lint-imports

deps: $(DEV) ## Find missing, unused and transitive dependencies
	@$(BIN)/deptry $(PACKAGES)

covered: $(DEV) ## Run the tests with branch coverage; agent and controls hold 90%
	@rm -f .coverage .coverage.*
	@$(PYTEST) --cov --cov-branch --cov-report=
	@$(BIN)/coverage json --quiet -o .coverage.json
	@$(BIN)/python .ci/covered.py .coverage.json agent controls

wheel: $(DEV) ## Build the wheel, install it into a fresh environment, and run it from there
	@.ci/wheel

reference: $(DEV) ## Write docs/{clouds,commands,permissions,resource-types,glossary}.md anew and the roles of deploy/ from the code
	@$(BIN)/python .ci/reference.py
	@$(BIN)/python .ci/roles.py

proven: $(DEV) ## Write what the fake estates prove of AWS and Google Cloud into controls/proven.json
	@$(BIN)/python -m tests.fakes.aws_looking controls/proven.json
	@$(BIN)/python -m tests.fakes.gcp_looking controls/proven.json

lock: ## Lock the requirements with hashes; `make lock UPGRADE=1` takes newer versions
	@$(COMPILE) pyproject.toml --group dev --extra demo --extra azure --extra dask --extra gcp --extra object-stores -o requirements/dev.txt
	@$(COMPILE) pyproject.toml --extra demo -c requirements/dev.txt -o requirements/demo.txt
	@$(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/runtime.txt
	@for extra in $(EXTRAS); do $(COMPILE) pyproject.toml --extra $$extra -c requirements/dev.txt -o requirements/$$extra.txt; done
	@$(COMPILE) --group build -o requirements/build.txt
	@$(COMPILE) --group tools -o requirements/uv.txt
	@$(COMPILE) --group docs -o requirements/docs.txt
	@$(COMPILE) --group audit -o requirements/audit.txt

clean: ## Remove what was built, installed and cached here; keys and stores outside demo/ are not touched
	@rm -rf .venv .tools demo dist build .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

$(DEV): requirements/dev.txt requirements/build.txt requirements/uv.txt pyproject.toml
	@.ci/environment .venv requirements/dev.txt

$(DEMO): requirements/demo.txt requirements/build.txt requirements/uv.txt pyproject.toml
	@.ci/environment .tools/demo requirements/demo.txt

$(SITE): requirements/docs.txt requirements/build.txt requirements/uv.txt pyproject.toml
	@.ci/environment .tools/docs requirements/docs.txt

$(AUDIT): requirements/audit.txt requirements/build.txt requirements/uv.txt pyproject.toml
	@.ci/environment .tools/audit requirements/audit.txt
