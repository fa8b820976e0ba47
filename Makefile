# One way to run each thing; CI calls the same targets.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# Several threads of linear algebra only slow down the small products made here.
export OMP_NUM_THREADS ?= 1

.PHONY: help serve test lint train evaluate bench bench-http pin clean
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: install Python 3.11 with its venv module (Debian: apt-get install python3 python3-venv), or say PYTHON=python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python requirements.txt pyproject.toml setup.py models/scorer.pyx
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . \
	  >$(VENV)/install.log 2>&1 || { cat $(VENV)/install.log; exit 1; }
	@$(BIN)/python -c "import models.scorer" 2>/dev/null || echo "No C compiler with Python's headers was found (Debian: apt-get install gcc python3-dev), so the fast path is not compiled: all works, several times slower."
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

serve: $(VENV)/.installed ## set up what is missing and serve the released model on 127.0.0.1:8000
	$(BIN)/stancewire serve --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-dev ## set up what is missing and run the tests
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev ## style, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

train: $(VENV)/.installed ## train on datasets/ (DATA="--data a.jsonl --data b.jsonl" for others)
	$(BIN)/python -m training train $(DATA)

evaluate: $(VENV)/.installed ## cross-validate on datasets/
	$(BIN)/python -m training evaluate $(DATA)

bench: $(VENV)/.installed ## time the analysis beside VADER, TextBlob and a plain pipeline
	$(BIN)/python tests/benchmarks/bench.py

bench-http: $(VENV)/.installed-dev ## time the service beside a bare echo route (needs wrk)
	$(BIN)/python tests/benchmarks/bench_http.py

pin: $(VENV)/.installed-dev ## write the pinned requirements anew
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header --build-deps-for=wheel --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header --output-file requirements-dev.txt requirements-dev.in

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) build dist models/scorer.c models/*.so *.egg-info .pytest_cache .mypy_cache .ruff_cache
