# The only list of commands. `make` alone explains them; times are for two quiet cores, and each
# target brings its own set-up the first time (about a minute more).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

UV_VERSION := 0.13.9
TOOLS := .tools
UV := $(TOOLS)/uv/bin/uv
PY := .venv/bin/python
BIN := .venv/bin
# In the tools' own folder, so that a clone leaves nothing behind elsewhere.
export UV_PROJECT_ENVIRONMENT := .venv
export UV_NO_PROGRESS := 1
export UV_SYSTEM_CERTS := 1
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# ---------------------------------------------------------------- what people do

.PHONY: run test check gate fmt golden build deploy invoke
run: setup ## the whole system on this machine: make run ARGS="--once" takes 20 s the first time, then 10 s
	@$(BIN)/boekbrug local $(ARGS)

test: setup ## all tests, 6 to 7 min; no account, no container, no network (ARGS="-k ledger" for some)
	@scripts/find-browser
	@$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

check: setup ## the whole gate, 7 min: format, lint, types, imports, template, build, artefact, tests
	@scripts/gate

gate: setup ## the gate without the tests, half a minute
	@scripts/gate --without-tests

fmt: setup ## mend what formatter and linter can mend, 1 s
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

golden: setup ## rewrite the golden bookings, 10 s; read the diff
	@$(PY) -m workbench.golden

build: setup ## what ships (arm64) into .aws-sam/build, 10 s
	@scripts/build

deploy: build ## to your AWS account (sam deploy; ARGS="--guided" the first time)
	@scripts/sam deploy $(ARGS)

invoke: build ## one function in a container (docs/running.md): FUNCTION=... EVENT=... STACK=...
	@$(PY) -m workbench.invoke_environment $(or $(STACK),boekbrug) > .aws-sam/environment.json
	@scripts/sam local invoke $(FUNCTION) -e events/$(EVENT).json \
	  --env-vars .aws-sam/environment.json $(ARGS)

# ---------------------------------------------------------------- set-up (each target does its own)

$(TOOLS)/python: scripts/find-python
	@mkdir -p $(TOOLS)
	@scripts/find-python "$(UV_VERSION)" $(TOOLS)

.venv/.done: $(TOOLS)/python requirements/dev.txt pyproject.toml
	@echo "setting up .venv (about half a minute)" >&2
	@$(UV) venv -q --clear --python "$$(cat $(TOOLS)/python)" .venv
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements/dev.txt
	@$(UV) pip install -q --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@

.venv-sam/.done: $(TOOLS)/python requirements/sam.txt
	@echo "setting up .venv-sam: the SAM tools (about half a minute)" >&2
	@$(UV) venv -q --clear --python "$$(cat $(TOOLS)/python)" .venv-sam
	@$(UV) pip install -q --python .venv-sam/bin/python --require-hashes -r requirements/sam.txt
	@touch $@

.PHONY: setup lock
setup: .venv/.done .venv-sam/.done ## both environments, half a minute (each target does this itself)

lock: $(TOOLS)/python ## requirements/*.in -> hash-locked requirements/*.txt
	@for name in layer dev sam; do \
	  $(UV) pip compile -q --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.13 --universal requirements/$$name.in -o requirements/$$name.txt || exit 1; done
