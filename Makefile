# `make run` starts everything, `make test` checks everything. Needs Python 3.11 or newer and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet install

HTMX := htmx.org@4.0.1
LUCIDE := lucide-static@1.62.0
EXPANDER := @github/text-expander-element@2.9.4
EMOJI := emoji-picker-element-data@1.8.0
NAVIGATION := @github/combobox-nav@3.0.2
SORTABLE := sortablejs@1.15.7
WORDS := smsinbox/translations
AXE := axe-core@4.14.1
PACKED = build/npm/$(subst /,-,$(subst @,-,$(1:@%=%)))
COMPILE := $(BIN)/python -m piptools compile --quiet --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --no-header --allow-unsafe

.DEFAULT_GOAL := help
.PHONY: help run test bench shots words lint format lock vendor browser clean

help: ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

run: $(VENV)/.runtime ## start the inbox with all its processes
	@exec $(BIN)/python app.py

test: $(VENV)/.tests browser ## everything: style, types, floors, templates, tests
	@exec $(BIN)/python -m tests

bench: $(VENV)/.tests browser ## how fast it is on this machine
	@exec $(BIN)/python -m tests.bench

lint: $(VENV)/.tests ## everything but the tests themselves
	@exec $(BIN)/python -m tests lint

format: $(VENV)/.tests ## write the code the way the checks want it
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format . && $(BIN)/djlint templates --reformat --quiet

lock: $(VENV)/.tests ## renew the pins of both lock files; UPGRADE=1 takes the newest versions
	@$(PIP) pip-tools
	@$(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev --output-file tests/requirements.lock pyproject.toml
	@cp tests/requirements.lock requirements.lock
	@$(COMPILE) --output-file requirements.lock pyproject.toml

shots: $(VENV)/.tests browser ## photograph every page, in both themes and sizes, into build/shots
	@exec $(BIN)/python -m tests.shots

words: $(VENV)/.tests ## collect the words of the interface for translation, and compile them
	@mkdir -p build && $(BIN)/pybabel -q extract -F $(WORDS)/babel.cfg -k _n:1,2 -k _l -k N_ --no-location \
		--sort-output --project smsinbox -o build/words.pot .
	@for it in $(WORDS)/*/LC_MESSAGES/messages.po; do \
		$(BIN)/pybabel -q update -i build/words.pot -o $$it -l $$(echo $$it | cut -d/ -f3) \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date && \
		$(BIN)/pybabel -q compile -i $$it -o $${it%.po}.mo; done

vendor: $(VENV)/.tests ## fetch htmx and the icons again; build the sprite
	@rm -rf build/npm && mkdir -p build/npm
	@cd build/npm && npm pack --silent $(HTMX) $(LUCIDE) $(EXPANDER) $(EMOJI) $(NAVIGATION) $(SORTABLE) $(AXE) && for it in *.tgz; do mkdir "$${it%.tgz}" && \
		tar -xzf "$$it" -C "$${it%.tgz}" --strip-components=1; done
	@$(BIN)/python -m tests.vendor $(call PACKED,$(HTMX)) $(call PACKED,$(LUCIDE)) \
		$(call PACKED,$(EXPANDER)) $(call PACKED,$(EMOJI)) \
		$(call PACKED,$(NAVIGATION)) $(call PACKED,$(SORTABLE)) $(call PACKED,$(AXE))

browser: $(VENV)/.tests
	@$(BIN)/python -m tests.browser || { echo "No Chromium here: installing one for the browser tests."; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium >/dev/null; \
	else $(BIN)/python -m playwright install chromium; fi; }

clean: ## remove what was built; the inbox's data in instance/ stays
	@rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "smsinbox needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo "Installing what smsinbox needs into $(VENV)"
	@$(PIP) --require-hashes --no-deps -r $<
	@touch $@

# The test lock holds the runtime pins too, so one installation serves both.
$(VENV)/.tests: tests/requirements.lock requirements.lock | $(BIN)/python
	@echo "Installing what smsinbox and its tests need into $(VENV)"
	@$(PIP) --require-hashes --no-deps -r $<
	@touch $@ $(VENV)/.runtime
