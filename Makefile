# claimbook: `make book` builds the book, `make test` proves it. Nothing but Python 3.11+, git and make is needed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# One set of figures and one chapter at a time would be slow; more than the machine has would be slower.
JOBS   ?= 2

.PHONY: help install book serve pdf test test-quick nbval chapters messages schemas bench bench-pages lint format lock clean distclean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)' \
	  || { echo "claimbook needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) --version 2>&1); try: make PYTHON=python3.12 book"; exit 1; }
	@echo "Installing what the lock file names into $(VENV) (once, a minute or two)"
	@$(PYTHON) -m venv --clear $(VENV) \
	  || { echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

install: $(READY) ## install everything into .venv

book: $(READY) ## build the book into _build/html
	@$(BIN)/claimbook book

serve: book ## build the book and show it on http://localhost:8000
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

pdf: $(READY) ## build the book, and print it as _build/claimbook.pdf (needs Chromium)
	@$(BIN)/claimbook book --pdf

test: $(READY) ## all tests: units, contracts, every notebook output, the built book
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup
	@$(MAKE) --no-print-directory nbval

test-quick: $(READY) ## unit and contract tests only
	@$(BIN)/python -m pytest -q -n $(JOBS) tests/unit tests/contract

nbval: $(READY) ## compare every output of the committed chapters with a new run
	@CLAIMBOOK_HOME="$(CURDIR)" $(BIN)/python -m pytest -q -W default -n $(JOBS) --dist loadscope --nbval --nbval-cell-timeout 300 chapters

chapters: $(READY) ## write the outputs of the committed chapters anew
	@$(BIN)/claimbook chapters write

messages: $(READY) ## bring the Dutch and French catalogues in step with the texts
	@$(BIN)/python -m analysis.languages.messages

bench-pages: $(READY) ## measure weight and Lighthouse of pages against the stock theme, into docs/pages.md (needs Chromium, npm)
	@$(BIN)/python benchmarks/pages.py

schemas: $(READY) ## write the JSON Schemas of the ledger and of what is published anew
	@$(BIN)/claimbook schemas

bench: $(READY) ## print how long parsing, loading, auditing, executing and building take
	@$(BIN)/python benchmarks/run.py

lint: $(READY) ## ruff, the same as the pre-commit hook
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: $(READY) ## let ruff put the code in form
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: $(READY) ## resolve the dependencies anew into requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	  --custom-compile-command "make lock" --extra book --extra test --group dev pyproject.toml --output-file requirements.lock

clean: ## remove what was built
	@rm -rf _build .pytest_cache .ruff_cache .hypothesis

distclean: clean ## remove the installation too
	@rm -rf $(VENV)
