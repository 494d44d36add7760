# Rekap: `make help` lists every target. Each sets itself up first; a second call skips what is there.
SEED ?= 7
PYTHON ?=
READY = sh local/ready.sh
RUN = .venv/bin/python
# What make doctor looks at. LANGUAGE counts only where it was written: many shells have one of their own.
DOCTOR = $(if $(ENV),--env '$(ENV)') $(if $(SAMPLES),--samples '$(SAMPLES)') $(if $(CLIENT),--client '$(CLIENT)') \
	$(if $(SHEET),--sheet '$(SHEET)') $(if $(HTML),--html '$(HTML)') $(if $(AS_OF),--as-of '$(AS_OF)') \
	$(if $(filter command,$(origin LANGUAGE)),--language '$(LANGUAGE)')

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit lint format up down clean doctor practice connect-basecamp bench soak

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make .venv from the lock (every other target does it by itself)
	@$(READY)

demo: ## run the whole job against the twin and check the result (SEED=7)
	@$(READY)
	@$(RUN) -m local.demo --seed $(SEED)

test: ## run every test
	@$(READY) --library
	@$(RUN) -m local.tests

lint: ## run every linter and type check
	@$(READY)
	@$(RUN) -m local.lint

format: ## put Python and SQL files into their form
	@$(READY)
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix --quiet . ; .venv/bin/sqlfluff fix --quiet include/sql

up: ## start everything against the twin and leave it running; prints addresses and login (SEED=7)
	@$(READY)
	@$(RUN) -m local.up --seed $(SEED)

down: ## stop what make up started
	@$(READY)
	@$(RUN) -m local.down

clean: ## stop everything and forget all local state (var/ and .venv/)
	@sh local/clean.sh

doctor: ## check all that is connected, or one tracker: CLIENT=slug, SHEET='address' (also ENV= SAMPLES= HTML= LANGUAGE=en)
	@$(READY)
	@$(RUN) -m local.doctor $(DOCTOR)

practice: ## give the company of make up a new client with a messy sheet, to set up by README, "Add a client"
	@$(READY)
	@$(RUN) -m local.practice

connect-basecamp: ## walk through Basecamp's consent and print the connection
	@$(READY)
	@$(RUN) -m local.connect_basecamp

bench: ## measure against other ways, write docs/benchmarks.md (PART=extraction|vocabulary|reader|gates, QUICK=1: small)
	@$(READY)
	@$(RUN) -m bench $(PART) --seed $(SEED) $(if $(QUICK),--quick)

soak: ## long proofs: kill the demo at many moments and compare (SEED=7)
	@$(READY) --library
	@$(RUN) -m local.tests --soak
