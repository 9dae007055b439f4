# Every target sets up what is missing first; a stamp file makes the second time instant.
VENV   := .venv
PYTHON := $(VENV)/bin/python
PIP    := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
SYSTEM := $(if $(wildcard /usr/bin/chromium),,chromium) $(if $(wildcard /usr/bin/bwrap),,bubblewrap)

.PHONY: run test test-all check bench
.DEFAULT_GOAL := run

run: $(VENV)/.run
	@$(PYTHON) -m bot

test: check
	$(PYTHON) -m pytest -n 4 --dist worksteal -m "not long"

test-all: check
	$(PYTHON) -m pytest -n 4 --dist worksteal

check: $(VENV)/.test system
	$(VENV)/bin/ruff check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy

bench: $(VENV)/.test system
	@for each in bench/*.py; do \
		case $$each in */__init__.py) continue;; esac; \
		echo "== $$each"; $(PYTHON) -m bench.$$(basename $$each .py) || exit 1; \
	done

$(PYTHON):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Jidoka needs Python 3.11 or newer; this is $$(python3 --version)." >&2; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing: sudo apt-get install -y python3-venv" >&2; exit 1; }
	@python3 -m venv $(VENV)

$(VENV)/.run: requirements.lock | $(PYTHON)
	@echo "Installing what Jidoka needs into $(VENV) (requirements.lock, once) …"
	@$(PIP) -r requirements.lock
	@touch $@

# The lock of the tests holds everything the other one holds.
$(VENV)/.test: requirements-dev.lock | $(PYTHON)
	@echo "Installing what the tests need into $(VENV) (requirements-dev.lock, once) …"
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.run

# Chromium opens the pages; bubblewrap walls in what agents program and the files people send.
.PHONY: system
system:
ifneq ($(strip $(SYSTEM)),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing what the tests need of the system: $(strip $(SYSTEM)) (apt-get, once) …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(SYSTEM) >/dev/null; \
	else \
		echo "The tests need more of the system: sudo apt-get install -y $(strip $(SYSTEM))" >&2; exit 1; \
	fi
endif
