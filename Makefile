# Needs git, make and Python 3.12 or later. The rest comes into .venv/ from the Python registry.

help:
	@echo 'make run                    the site, with its database and worker, at http://$(HOST):$(PORT)'
	@echo 'make run DEMO=0             the same, without filling an empty database with a demo community'
	@echo 'make test                   the tests;  make test ARGS="tests/notes -x"  some'
	@echo 'make test-long              the tests that take minutes by nature'
	@echo 'make check                  style, types, settings, import direction'
	@echo 'make format                 brings Python and templates into our style'
	@echo 'make bench                  CPU and SQL of each page on 10,000 notes, into docs/performance.md'
	@echo 'make bench-feeds            SQL of each feed on 10,000 to 1,000,000 notes, into docs/performance.md'
	@echo 'make bench-search           SQL of search on 10,000 to 1,000,000 notes, into docs/search.md'
	@echo 'make bench-queue            the moderators’ queue with 100,000 reports and NOTES notes, into docs/performance.md'
	@echo 'make bench-photos           CPU and memory of preparing photos, beside libvips, into docs/photos.md'
	@echo 'make lighthouse             the first look on a slow phone, into docs/performance.md; needs node and Chromium'
	@echo 'make fuzz N=100000          damages photos of every format at random, N times, and prepares them'
	@echo 'make manage ARGS="shell"    a Django command, with the settings and the database of make run'

# Development's settings; production has its own (docs/deploy.md).
HOST ?= 127.0.0.1
PORT ?= 8000
SECRET_KEY ?= development-only-and-no-secret
ALLOWED_HOSTS ?= $(if $(filter 0.0.0.0 ::,$(HOST)),*,$(HOST),[$(HOST)],localhost,127.0.0.1)
HTTPS ?= off
STRICT_FETCH ?= on
MAIL_DIR ?= .data/mail
SITE_ADDRESS ?= http://$(if $(filter 0.0.0.0 ::,$(HOST)),localhost,$(HOST)):$(PORT)
DEMO ?= on
LIMITS ?= on
N ?= 10000
NOTES ?= 1000000
SIZES ?= 10000 100000 1000000
export HOST PORT SECRET_KEY ALLOWED_HOSTS HTTPS STRICT_FETCH MAIL_DIR SITE_ADDRESS DEMO LIMITS

python := .venv/bin/python
uv := UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON=$(python) UV_PYTHON_DOWNLOADS=never $(python) -m uv
manage := $(python) -m dev.embedded $(python) manage.py

run: env
	@$(python) -m dev.run

manage: env
	@$(manage) $(ARGS)

test: env
	@$(python) -m tests.chromium
	@$(python) -m tests.nu
	@$(python) -m pytest -m "not long" $(ARGS)

test-long: env
	@$(python) -m tests.chromium
	@$(python) -m pytest -m long --timeout 3600 $(ARGS)

bench: env
	@DATA_DIR=.data/bench DEMO=off LIMITS=off STRICT_FETCH=off $(python) -m dev.embedded $(python) -m dev.bench

bench-feeds: env
	@for size in $(SIZES); do \
	DATA_DIR=.data/bench-$$size DEMO=off LIMITS=off STRICT_FETCH=off \
	$(python) -m dev.embedded $(python) -m dev.bench.feeds $$size || exit 1; done
	@DATA_DIR=.data/bench-$(lastword $(SIZES)) DEMO=off $(python) -m dev.embedded $(python) -m dev.bench.feeds $(SIZES)

bench-search: env
	@for size in $(SIZES); do \
	DATA_DIR=.data/bench-search-$$size DEMO=off LIMITS=off STRICT_FETCH=off \
	$(python) -m dev.embedded $(python) -m dev.bench.search $$size || exit 1; done
	@DATA_DIR=.data/bench-search-$(lastword $(SIZES)) DEMO=off $(python) -m dev.embedded $(python) -m dev.bench.search $(SIZES)

bench-queue: env
	@DATA_DIR=.data/bench-queue DEMO=off LIMITS=off STRICT_FETCH=off \
	$(python) -m dev.embedded $(python) -m dev.bench.queue $(NOTES)

bench-photos: env
	@$(uv) sync --quiet --locked --inexact --group bench
	@PHOTOS=$(PHOTOS) $(python) -m dev.bench.photos

lighthouse: env
	@DATA_DIR=.data/lighthouse DEMO=on LIMITS=off STRICT_FETCH=off $(python) -m dev.embedded $(python) -m dev.bench.lighthouse

fuzz: env
	@FUZZ=$(N) $(python) -m pytest -n 0 -q tests/imaging/test_photo_fuzz.py

check: env
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	.venv/bin/djangofmt --check templates
	.venv/bin/djangofmt check templates
	DATABASE_URL=postgresql:///types $(python) -m mypy
	.venv/bin/lint-imports
	$(manage) makemigrations --check --dry-run
	SECRET_KEY=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(50))') ALLOWED_HOSTS=redbook.example \
	HTTPS=on LIMITS=on STRICT_FETCH=off MAIL_DIR= DEMO=off $(manage) check --deploy --fail-level WARNING --database default

format: env
	$(python) -m ruff check --fix-only --quiet .
	$(python) -m ruff format .
	.venv/bin/djangofmt check --fix --quiet templates
	.venv/bin/djangofmt --quiet templates

env: .venv/.ready

.venv/.ready: pyproject.toml uv.lock .python-version
	@python3 -c 'import sys; sys.version_info >= (3, 12) or sys.exit(f"Red Book needs Python 3.12 or later; python3 here is {sys.version.split()[0]}.")'
	python3 -m venv .venv
	$(python) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(uv) sync --quiet --locked
	@touch $@

.PHONY: help run manage test test-long bench bench-feeds bench-search bench-photos lighthouse fuzz check format env
