# Needs git, make and Python 3.12 or later. The rest comes into .venv/ from the Python registry.

help:
	@echo 'make run                        the site with its database, at http://$(HOST):$(PORT)'
	@echo 'make test                       every test; ARGS="tests/notes -x" for some'
	@echo 'make check                      style, types, settings, import direction'
	@echo 'make format                     rewrites Python and templates in our style'
	@echo 'make manage ARGS="shell"        a Django command with the settings and database of make run'

# Development's settings; production sets its own (docs/deploy.md).
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT
export SECRET_KEY ?= development-only-not-a-secret
export ALLOWED_HOSTS ?= $(if $(filter 0.0.0.0 ::,$(HOST)),*,$(HOST),localhost,127.0.0.1)
export HTTPS ?= off
export STRICT_FETCH ?= on
export MAIL_DIR ?= .data/mail

PYTHON = .venv/bin/python
export UV_PROJECT_ENVIRONMENT = .venv
export UV_PYTHON = $(PYTHON)
export UV_PYTHON_DOWNLOADS = never

env: .venv/.ready

.venv/.ready: pyproject.toml uv.lock .python-version
	@python3 -c 'import sys; sys.version_info >= (3, 12) or sys.exit("Red Book needs Python 3.12 or later; python3 is " + sys.version.split()[0] + ".")'
	python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(PYTHON) -m uv sync --quiet --locked
	@touch $@

run: env
	@$(PYTHON) -m redbook.run

manage: env
	@$(PYTHON) -m redbook.embedded $(PYTHON) manage.py $(ARGS)

test: env
	@$(PYTHON) -m pytest $(ARGS)

format: env
	$(PYTHON) -m ruff check --quiet --fix-only .
	$(PYTHON) -m ruff format .

check: env
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

.PHONY: help env run manage test format check
