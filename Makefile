# The commands of the panel. `make` prints them.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(VENV)/bin/pip install --quiet --quiet --disable-pip-version-check --require-hashes

DEMO := PANEL_MODE=demo LOG_LEVEL=WARNING VAR_DIR=var/demo SITE_URL=http://localhost:$(PORT)

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset run test lint messages bench screenshots

help:
	@echo "make demo         the panel with data in it, at http://localhost:$(PORT) (PORT=…)"
	@echo "make demo-reset   the same, with fresh data"
	@echo "make run          the demo with a server that reloads changed code"
	@echo "make test         style, then every test on SQLite, PostgreSQL and in Chromium, as far as they are here"
	@echo "make lint         style alone; sets right what it can"
	@echo "make messages     brings the Polish catalogue up to date with the code"
	@echo "make bench        measures pages against their budget (ARGS=\"--help\")"
	@echo "make screenshots  pictures of the pages of the running demo (ARGS=\"--help\")"

demo: $(VENV)/.runtime
	@$(DEMO) $(RUN) manage.py demo --port $(PORT)

demo-reset: $(VENV)/.runtime
	@rm -rf var/demo
	@$(DEMO) $(RUN) manage.py demo --port $(PORT)

run: $(VENV)/.runtime
	@$(DEMO) $(RUN) manage.py demo --port $(PORT) --reload

test: $(VENV)/.dev
	@$(RUN) -m tests.run $(ARGS)

lint: $(VENV)/.dev
	@$(RUN) -m ruff check --fix . && $(RUN) -m ruff format . && $(RUN) -m djlint --quiet --lint templates

messages: $(VENV)/.runtime
	@PANEL_MODE=demo $(RUN) manage.py messages
	@PANEL_MODE=demo $(RUN) manage.py messages --compile

bench: $(VENV)/.dev
	@$(RUN) -m tests.bench $(ARGS)

screenshots: $(VENV)/.dev
	@$(DEMO) $(RUN) -m tests.browser.screenshots --port $(PORT) $(ARGS)

# The stamps are newer than the lock files once these are installed, so a second start installs nothing.
$(VENV)/.runtime: requirements.txt | $(VENV)/bin/pip
	@echo "Installing what the panel runs on …"
	@$(PIP) --requirement requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/pip
	@echo "Installing what the tests need …"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

$(VENV)/bin/pip:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "Python is missing: install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$($(PYTHON) --version) is too old: the panel needs Python 3.11 or newer (make demo PYTHON=python3.11)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Making a virtual environment …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
