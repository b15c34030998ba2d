# `make demo` and `make test` need Python 3.11 or later, git and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where it is set, each sotctl that a test starts would compile its modules anew and take twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check static bench format clean

demo: $(VENV)/ready
	@$(BIN)/python docs/demo.py

test: static
	$(BIN)/python -m pytest

# What to run while working: all but the tests that take long.
check: static
	$(BIN)/python -m pytest -m "not slow"

static: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .

bench: $(VENV)/ready $(PEERS)/ready
	@for script in benchmarks/[a-z]*.py; do \
		echo "== $$script"; PATH="$(CURDIR)/$(PEERS)/bin:$$PATH" $(BIN)/python $$script || exit 1; done
	@echo "== benchmarks.secrets"; $(BIN)/python -m benchmarks.secrets --seed 20261123 --peers $(PEERS)/bin

# The peers have dependencies of their own that must not meet ours.
$(PEERS)/ready: pyproject.toml
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet '.[bench]'
	@touch $@

format: $(VENV)/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/ready: pyproject.toml
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) $(PEERS) .mypy_cache .ruff_cache .pytest_cache .hypothesis
