# Every target in plain commands, for those without make: see README.md.
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
NEEDS := requirements.txt constraints.txt pyproject.toml

.PHONY: help book site pdf offline lighthouse lab notebooks bench claims ledger test clean

help:
	@echo "make book       build the website and show it"
	@echo "make site       build the website into _build/html"
	@echo "make pdf        print the whole book into _build/chain-rule.pdf (needs Chromium)"
	@echo "make lighthouse score every page with Lighthouse (needs Chromium and npx)"
	@echo "make offline    pack the site into _build/chain-rule.zip, to be read without a server"
	@echo "make lab        open the notebooks in JupyterLab"
	@echo "make test       run every test"
	@echo "make bench      time the library against its peers"
	@echo "make claims     train what the library promises to learn, with five seeds"
	@echo "make ledger     measure every layer again and write the page of results"
	@echo "make notebooks  execute the notebooks again and keep their outputs"
	@echo "make clean      remove what was built (make site then starts anew)"

book: site
	@$(BIN)/python -m website.serve

site: .venv/.reader
	@$(BIN)/jupyter-book build -W --keep-going .

pdf: site
	@$(BIN)/python -m website.pdf

lighthouse: site
	@PYTHONPATH=lib $(BIN)/python -m benchmarks.lighthouse

offline: site
	@$(BIN)/python -m website.offline

lab: .venv/.reader
	@$(BIN)/jupyter lab book

notebooks: .venv/.reader
	@$(BIN)/python -m website.notebooks

bench: site .venv/.bench
	@$(BIN)/python -m benchmarks

claims: .venv/.test
	@PYTHONPATH=tests $(BIN)/python -m claims

ledger: .venv/.test .venv/.bench
	@PYTHONPATH=lib $(BIN)/python -m benchmarks.ledger

test: .venv/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/jupyter-book build -W --keep-going .
	@$(BIN)/pytest -n auto --dist loadfile

clean:
	@rm -rf _build

.venv/.reader: $(NEEDS) | $(BIN)/python
	@echo "Installing what the book needs into .venv (once; a minute or two)"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.test: .venv/.reader
	@$(PIP) -e ".[test]"
	@touch $@

.venv/.bench: .venv/.reader
	@$(PIP) -e ".[bench]"
	@touch $@

# The first fitting Python; `make PYTHON=/path/to/python` names one.
PYTHON ?= python3.12 python3.13 python3.11 python3 python

$(BIN)/python:
	@for python in $(PYTHON); do \
		$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && break; python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Chain Rule needs Python 3.11, 3.12 or 3.13, and found none of them; make PYTHON=/path/to/python names one." >&2; exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python has no venv or pip; on Debian and Ubuntu: apt install python3-venv python3-pip" >&2; exit 1; fi; \
	$$python -m venv --clear .venv
