# One word for each daily act. Needs make and Python 3.11 or newer; everything else is set up in .venv.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin
BUILD := pyproject.toml constraints.txt package.json package-lock.json hatch_build.py
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

CHECKS := types form lint contracts migrations translations templates
TEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# Also where the machine says otherwise: the tests start some hundred processes, each of which would compile all anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run demo test check format bench build constraints clean $(CHECKS:%=check-%)
.DELETE_ON_ERROR:

help:
	@echo "make run    set up, load demo data, serve on http://127.0.0.1:8000 (SERVE='--port 8080' to differ)"
	@echo "make demo   set up and load demo data only"
	@echo "make test   set up and run every check and test"
	@echo "make check  format, lint, types, import contracts, migrations, translations, templates"
	@echo "make format put code into form"
	@echo "make bench  measure"
	@echo "make build  wheel and sdist into dist/"

run: demo
	@exec $(BIN)/lms serve $(SERVE)

demo: .venv/.installed
	@$(BIN)/lms init
	@$(BIN)/lms demo

test: check
	@$(BIN)/python tests/browser/provision.py
	$(TEST) --database sqlite
	$(TEST) --database postgresql

check: .venv/.installed-for-tests
	@$(MAKE) --no-print-directory -j 2 $(CHECKS:%=check-%)

check-types: ; $(BIN)/mypy
check-form: ; $(BIN)/ruff format --check .
check-lint: ; $(BIN)/ruff check .
check-contracts: ; $(BIN)/lint-imports --no-logo
check-migrations: ; $(BIN)/python -m tests.check_migrations
check-translations: ; $(BIN)/lms check-translations
check-templates: ; $(BIN)/djlint --lint --quiet templates

format: .venv/.installed-for-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.installed
	$(BIN)/python -m lms.bench

build: .venv/.installed
	$(INSTALL) build
	$(BIN)/python -m build --outdir dist

constraints:
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -e '.[test]'
	{ sed -n '/^#/p' constraints.txt; $(BIN)/pip freeze --exclude-editable; } > constraints.new
	mv constraints.new constraints.txt

clean:
	rm -rf .venv .assets-stamp dist lms/fonts lms/static/fonts lms/static/vendor tests/browser/vendor

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; PYTHON=/path/to/python names one." >&2; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }

.venv/.installed: $(BUILD) | $(BIN)/pip
	@echo "Installing into .venv …"
	@$(INSTALL) -e .
	@touch $@

.venv/.installed-for-tests: $(BUILD) | $(BIN)/pip
	@echo "Installing into .venv, with what the tests need …"
	@$(INSTALL) -e '.[test]'
	@touch .venv/.installed $@
