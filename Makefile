# What people do with this folder. Everything is set up on first use; nothing outside it is changed but, where
# `make test` finds no browser or no MQTT broker and runs as root, Chromium and Mosquitto from Debian's packages.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOURCES := src tests benchmarks migrations run.py hatch_build.py

.DEFAULT_GOAL := help
.PHONY: help demo test check bench assets browser broker translations clean

help:
	@echo "make demo          set everything up, load the demo, serve it on http://127.0.0.1:8000"
	@echo "make test          everything that has to hold: style, types, import contracts, all tests"
	@echo "make check         only style, types and import contracts"
	@echo "make bench         measure, and write benchmarks/README.md"
	@echo "make translations  collect new sentences into the catalogues"
	@echo "make clean         throw away the environment, the build and the demo's data"

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "This Python cannot make environments. On Debian: apt-get install python3-venv"; exit 1; }
	HATCH_BUILD_NO_HOOKS=true $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[embedded,dev]'
	@touch $@

assets: $(READY)
	@$(BIN)/shared-resources assets build

demo: assets
	@exec $(BIN)/shared-resources serve --demo

check: $(READY)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

browser:
	@for name in chromium-headless-shell chromium chromium-browser google-chrome; do \
	  command -v $$name >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk >/dev/null || \
	  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	else \
	  echo "The browser tests need Chromium and a Chinese font. On Debian: apt-get install chromium fonts-noto-cjk"; exit 1; \
	fi

broker:
	@PATH="$$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin" command -v mosquitto >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends mosquitto >/dev/null; \
	else \
	  echo "The tests of trackers need Mosquitto. On Debian: apt-get install mosquitto"; exit 1; \
	fi

test: check assets browser broker
	$(BIN)/pytest -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder --ignore=tests/browser
	$(BIN)/pytest -n 2 --dist loadfile --timeout 900 tests/browser

bench: assets
	$(BIN)/python -m benchmarks

translations: $(READY)
	$(BIN)/python -m tests.translations

clean:
	rm -rf $(VENV) .state src/shared_resources/site/dist src/shared_resources/site/node_modules
