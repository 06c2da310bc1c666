SHELL := /bin/bash
PYTHON := .venv/bin/python
SIZE ?=
WORKERS ?= 2
# Each of the many processes would compile every module again where the surroundings forbid to keep them.
export PYTHONDONTWRITEBYTECODE :=
# `check` has asked them already when `test` begins.
HOUSE_RULES := tests/test_house_rules.py tests/house/test_rules_can_fail.py

.DEFAULT_GOAL := help
.PHONY: help run stop setup test check format bench demo-reset lock

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: ## Install what is missing and start the portal; PORT=8001 for another port
	@scripts/setup run
	@exec $(PYTHON) -m o2c.run

stop: ## Stop the embedded PostgreSQL and Valkey
	@$(PYTHON) -m o2c.local stop

setup: ## Install everything, tests and browser included, and try again what failed before
	@scripts/setup again

test: check ## Run every check and every test, browser included
	$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal $(addprefix --ignore=,$(HOUSE_RULES))

check: ## Lint, types, floors, templates, migrations and house rules
	@scripts/setup test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy .
	.venv/bin/lint-imports
	$(PYTHON) -m djlint --lint --quiet templates
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) -m pytest -q $(HOUSE_RULES)

format: ## Put the code into the house's form
	@scripts/setup test
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: ## Measure, with the physical limit beside each figure; SIZE=L for a million invoices
	@scripts/setup test
	$(PYTHON) -m bench $(SIZE)

demo-reset: ## Throw the demo company away and build it anew
	@scripts/setup run
	@$(PYTHON) -m o2c.reset

lock: ## Resolve the requirements anew and lock them by hash
	@scripts/setup test
	@scripts/lock
