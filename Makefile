PYTHON ?= python3
VENV := .venv/bin/python
LAUNCH := $(PYTHON) -m emergency.launcher

.DEFAULT_GOAL := help
.SILENT:
MAKEFLAGS += --no-print-directory

.PHONY: help
help: ## Show what can be made
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: python
python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not. Name another: make PYTHON=python3.13 run" >&2; exit 2; }

.PHONY: setup
setup: python ## Install everything into .venv (done by run and test, too)
	$(LAUNCH) setup

.PHONY: setup-dev
setup-dev: python
	$(LAUNCH) setup --dev

.PHONY: run
run: python ## Start the whole product here: http://127.0.0.1:8000/
	$(LAUNCH) run

.PHONY: services
services: python ## Start PostgreSQL and Valkey alone, for a second shell
	$(LAUNCH) services

WHOLE := tests/browser tests/fault tests/integration/launcher
# They ask nothing of the machine but a core that would be idle.
BESIDE := tests/unit tests/contracts
# More than the cores of the smallest machine: many tests wait for processes, and those
# of the whole product for browsers, too.
WORKERS ?= 3
WATCHERS ?= 4
.PHONY: test
test: setup-dev ## Run all tests; ARGS="tests/unit -x" chooses
ifdef ARGS
	$(VENV) -m pytest $(ARGS)
else
	# What starts the whole product or kills processes needs a core for itself.
	$(VENV) -m pytest $(WHOLE) $(BESIDE) -n $(WATCHERS) --dist loadgroup
	$(VENV) -m pytest $(patsubst %,--ignore=%,$(WHOLE) $(BESIDE)) -n $(WORKERS) --dist loadgroup
endif

.PHONY: lint
lint: setup-dev ## Check style, types, imports, templates, migrations, translations
	$(MAKE) -j 4 -k $(LINTS)

LINTS := lint-style lint-format lint-types lint-imports lint-templates lint-migrations lint-translations
.PHONY: $(LINTS)
lint-style:
	$(VENV) -m ruff check --quiet --output-format concise .
lint-format:
	$(VENV) -m ruff format --check --quiet --output-format concise . || { echo "ruff format would change files" >&2; exit 1; }
lint-types:
	$(VENV) -m mypy --no-error-summary .
lint-imports:
	log=$$(mktemp); $(VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-cache >"$$log" 2>&1 || { cat "$$log" >&2; rm -f "$$log"; exit 1; }; rm -f "$$log"
lint-templates:
	find templates emergency billing status -name '*.html' -print0 | xargs -0 .venv/bin/djade --check --target-version 5.2
lint-migrations:
	$(VENV) -W ignore manage.py makemigrations --check --dry-run --skip-checks || { echo "a migration is missing: manage.py makemigrations" >&2; exit 1; }
lint-translations:
	$(VENV) -m tests.contracts.translations

.PHONY: faults
faults: setup-dev ## Spend random nights full of faults: N=200, SEED=... repeats
	MORE_EXAMPLES=1 $(VENV) -m pytest -q tests/unit tests/integration/public
	$(VENV) -m tests.fault --nights $(or $(N),200) $(if $(SEED),--seed $(SEED))

.PHONY: bench
bench: setup-dev ## Measure speed against floors measured beside it
	$(VENV) -m tests.bench $(ARGS)

.PHONY: screenshots
screenshots: setup-dev ## Make the pictures in docs/images again
	EMERGENCY_SCREENSHOTS=1 $(VENV) -m pytest tests/browser $(ARGS)

.PHONY: reset
reset: python ## Delete everything the product kept on disk (asks nothing)
	$(LAUNCH) reset
