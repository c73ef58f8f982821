# The only list of commands. `make` alone explains them; times are for two cores.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

UV_VERSION := 0.13.9
TOOLS := .tools
UV := $(TOOLS)/uv/bin/uv
PY := .venv/bin/python
BIN := .venv/bin
SAM := PATH="$(CURDIR)/.venv/bin:$(CURDIR)/.venv-sam/bin:$$PATH" SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam
# In the tools' own folder, so that a clone leaves nothing behind elsewhere.
export UV_PROJECT_ENVIRONMENT := .venv
export UV_NO_PROGRESS := 1
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# ---------------------------------------------------------------- set-up (each target does its own)

$(TOOLS)/python: scripts/find-python
	@mkdir -p $(TOOLS)
	@scripts/find-python "$(UV_VERSION)" $(TOOLS)

.venv/.done: $(TOOLS)/python requirements/dev.txt pyproject.toml
	@echo "setting up .venv (about half a minute)"
	@$(UV) venv -q --clear --python "$$(cat $(TOOLS)/python)" .venv
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements/dev.txt
	@$(UV) pip install -q --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@

.venv-sam/.done: $(TOOLS)/python requirements/sam.txt
	@echo "setting up .venv-sam: the SAM tools (about half a minute)"
	@$(UV) venv -q --clear --python "$$(cat $(TOOLS)/python)" .venv-sam
	@$(UV) pip install -q --python .venv-sam/bin/python --require-hashes -r requirements/sam.txt
	@touch $@

.PHONY: setup lock
setup: .venv/.done .venv-sam/.done ## both environments

lock: $(TOOLS)/python ## requirements/*.in -> hash-locked requirements/*.txt
	@for name in layer dev sam; do \
	  $(UV) pip compile -q --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.13 --universal requirements/$$name.in -o requirements/$$name.txt || exit 1; done
