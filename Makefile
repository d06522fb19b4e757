# Everything needed to run, test and change the portal. `make` lists the targets.

PORT ?= 8000
PYTEST_ARGS ?=
LOCK_ARGS ?=
# Debian's own Python before another on the PATH: it was built with the compiler's knowledge of
# which ways are taken most, and one that was built at home seldom is. All here takes longer then.
IS_NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
ifeq ($(origin PYTHON3), undefined)
PYTHON3 := $(shell /usr/bin/python3 $(IS_NEW_ENOUGH) && echo /usr/bin/python3 || echo python3)
endif
export PYTHON3

# What has been compiled is kept, whatever the shell says: else every worker compiles all tests.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
PYTHON := $(VENV)/bin/python
MANAGE := $(PYTHON) manage.py
ADDRESS := http://127.0.0.1:$(PORT)/

# Stamps: the lock has been installed since it last changed.
RUNTIME := $(VENV)/.requirements
DEV := $(VENV)/.requirements-dev
HTML_CHECKER := tests/html_checker/node_modules/.installed

TEMPLATES := find templates -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Visa den här listan
	@echo "Använd: make MÅL"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1	\2/p' Makefile \
		| while IFS='	' read -r target text; do printf '  %-10s %s\n' "$$target" "$$text"; done

.PHONY: run
run: install .env ## Starta portalen med exempeldata (PORT=8000)
	@echo "Förbereder databasen …"
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable --verbosity 0
	@$(MANAGE) load_agreement
	@$(MANAGE) load_example
	@printf '\n%s\n%s\n%s\n\n' \
		"Portalen startar på $(ADDRESS)" \
		"Logga in med ett av exempelkontona ovan på $(ADDRESS)konto/login/" \
		"Avsluta med Ctrl+C."
	@DJANGO_RUNSERVER_HIDE_WARNING=true $(MANAGE) runserver 127.0.0.1:$(PORT)

.PHONY: test
test: lint pytest ## Kör alla kontroller och tester

# The house's own rules, every style sheet, and the rooms whose tests take a second each: no
# browser, no PDF, no walk through all pages.
QUICK := test_house test_styles test_contrast test_settings test_error_pages \
	followup/time followup/law followup/search followup/public followup/meetings \
	followup/overview followup/plan

.PHONY: check
check: lint ## Kör det som en ändring av kod eller mallar behöver, på under en minut
	$(VENV)/bin/pytest -n 2 --dist loadfile $(foreach t,$(QUICK),$(firstword $(wildcard tests/$(t).py tests/$(t)))) $(PYTEST_ARGS)

# Checks and tests do not depend on what .env says about running the portal.
lint pytest check: export DEBUG := on
lint pytest check: export ALLOWED_HOSTS :=
lint pytest check: export EMAIL_URL := consolemail://
lint: export DATABASE_URL := sqlite://:memory:

# Needs nothing but Python packages: no browser, no JDK, no npm, no network once installed.
.PHONY: lint
lint: $(DEV) ## Granska koden utan att ändra den
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(TEMPLATES) --check {} +
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/mypy
	$(VENV)/bin/deptry .
	$(PYTHON) -m pip check --disable-pip-version-check
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run

.PHONY: pytest
pytest: $(DEV) $(HTML_CHECKER) .env | system-test ## Kör bara testerna (PYTEST_ARGS="-k löfte")
	$(VENV)/bin/pytest -n 3 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

.PHONY: approve
approve: export DEBUG := on
approve: export APPROVE := 1
approve: $(DEV) .env | system-test ## Godkänn hur PDF:erna ser ut nu (tests/approved/; titta innan du sparar)
	$(VENV)/bin/pytest -k "looks_approved" $(PYTEST_ARGS)

.PHONY: handbook
handbook: export DEBUG := on
handbook: export HANDBOOK := 1
handbook: $(DEV) .env | system-test ## Ta om handbokens bilder (static/img/help/; titta innan du sparar)
	$(VENV)/bin/pytest tests/browser/test_handbook_walks.py $(PYTEST_ARGS)

.PHONY: format
format: $(DEV) ## Snygga till kod och mallar
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(TEMPLATES) {} +

COMPILE := $(VENV)/bin/uv pip compile --quiet --generate-hashes --universal \
	--python-version 3.11 --no-emit-index-url --custom-compile-command "make lock"

.PHONY: lock
lock: $(DEV) ## Lås beroendena på nytt (LOCK_ARGS=--upgrade lyfter dem)
	$(COMPILE) $(LOCK_ARGS) pyproject.toml -o requirements.txt
	$(COMPILE) $(LOCK_ARGS) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	@! grep -n '://' requirements.txt requirements-dev.txt # no address belongs in a lock

# Asks the registry's server which known weaknesses the locked versions have, so it is the one
# check that needs a network (SECURITY.md). Run it from a scheduled job, not before a commit.
.PHONY: audit
audit: $(DEV) ## Fråga om de låsta versionerna har kända sårbarheter (kräver nät)
	$(VENV)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements-dev.txt

.PHONY: install
install: $(RUNTIME) ## Installera det portalen behöver i .venv/

.PHONY: system-python system-run system-test
system-python system-run system-test: system-%:
	@sh .ci/system-packages $*

$(PYTHON): | system-python
	@echo "Skapar $(VENV)/ …"
	@$(PYTHON3) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes

$(RUNTIME): requirements.txt | system-run $(PYTHON)
	@echo "Installerar Python-paket …"
	@$(INSTALL) -r requirements.txt
	@touch $@

# The dev lock holds everything in the runtime lock, so it stamps both.
$(DEV): requirements.txt requirements-dev.txt | $(PYTHON)
	@echo "Installerar Python-paket för utveckling …"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ $(RUNTIME)

# Nothing but a jar, so no script of the package is run.
$(HTML_CHECKER): tests/html_checker/package.json tests/html_checker/package-lock.json | system-test
	@echo "Installerar HTML-granskaren …"
	@cd tests/html_checker && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.env:
	@cp .env.example .env
	@echo "Skapade .env från .env.example."
