# Two commands: `make book` builds the book, `make test` checks it.
# Each makes its own environment in .venv first. `make help` lists the rest.

VENV ?= .venv
# Blanks in these paths are escaped once, for make and for the shell alike.
SPACE := $(subst ,, )
BIN := $(subst $(SPACE),\$(SPACE),$(VENV))/bin
READY := $(subst $(SPACE),\$(SPACE),$(VENV))/.ready
BUILT := _build/html/.built
# Everything a page is made from. Folders too: a removed file changes them.
PAGES := _config.yml _toc.yml book/. book/_static \
	$(wildcard psm_lib/checkpoints/*/model.safetensors) $(shell find book \
	psm_lib/web -type f -not -path '*/__pycache__/*' -not -path '*/.ipynb_checkpoints/*')
# Tests, chapters and the build use tiny matrices, for which a second thread
# only waits at barriers. Pretraining (checkpoints, bench) sets its own. And
# what is compared with stored numbers is computed where those were.
STEADY := OMP_NUM_THREADS=1 PSM_DEVICE=cpu

# The oldest versions that are supported, and ipywidgets as Colab has it.
FLOORS ?= .venv-floors
OLDEST := $(subst $(SPACE),\$(SPACE),$(FLOORS))

# The book as Colab has it: an environment outside this folder.
COLAB ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/who-is-speaking/colab

# Solutions are run by the tests, and the copies for Colab are of chapters.
NOTEBOOKS := book --ignore=book/instructors --ignore=book/colab
# What asks for the newest: the build, browsers, reference implementations.
NEWEST := $(foreach t,book/test_book book/test_setup book/test_colab \
	book/test_notebooks web/test_live web/test_fold core/test_posttraining \
	course/test_grading machinery/test_sweeps machinery/test_dozens, \
	--ignore=tests/$(t).py)

# No target here may fetch weights or data; this proves it.
export HF_HUB_OFFLINE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help book test run checkpoints bench lint format lab clean \
	assignments address student floors colab release

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | \
		awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

$(READY): requirements.txt requirements-data.txt pyproject.toml \
		book/tools/setup.sh
	@VENV="$(VENV)" PYTHON="$(PYTHON)" sh book/tools/setup.sh
	@touch "$@"

$(BUILT): $(PAGES) $(READY)
	@rm -rf _build/html _build/.doctrees
	$(BIN)/jupyter-book build --all -n -W --keep-going .
	@touch $@

book: $(BUILT)  ## build the book and open it
	@$(BIN)/python book/tools/open_book.py

lint: $(READY)  ## style of all code, notebooks included; types of the core
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)  ## put the code into that style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: lint  ## style, unit tests, the built pages in a browser, every chapter
	$(STEADY) $(BIN)/python -m pytest -q -n 2 --dist loadfile tests
	$(STEADY) PSM_QUIET=1 PSM_VERDICTS=check $(BIN)/python -m pytest -q -n 2 \
		--dist loadfile --nbval-lax --nbval-current-env \
		--nbval-cell-timeout=300 -p no:cacheprovider $(NOTEBOOKS)

$(OLDEST)/.ready: requirements-floors.txt $(READY)
	$(BIN)/python -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip install -q -r requirements-floors.txt
	$(OLDEST)/bin/python -m pip install -q --no-deps --require-hashes \
		-r requirements-data.txt
	$(OLDEST)/bin/python -m pip install -q --no-deps -e .
	@touch "$@"

floors: $(OLDEST)/.ready  ## library and chapters with the oldest versions
	$(STEADY) $(OLDEST)/bin/python -m pytest -q -n 2 --dist loadfile \
		$(NEWEST) tests
	$(STEADY) PSM_QUIET=1 PSM_VERDICTS=check $(OLDEST)/bin/python -m \
		pytest -q -n 2 --dist loadfile --nbval-lax --nbval-current-env \
		--nbval-cell-timeout=300 -p no:cacheprovider $(NOTEBOOKS)

colab: $(READY)  ## all notebooks from the wheel, in an environment like Colab's
	PYTHON=$(BIN)/python sh book/tools/as_colab.sh '$(COLAB)'
	PSM_COLAB='$(COLAB)' PSM_WHEEL="$$($(BIN)/python book/tools/wheel.py \
		'$(COLAB)/wheel')" $(STEADY) $(BIN)/python -m pytest -q -n 2 \
		tests/as_colab.py

release: $(READY)  ## date, commit and tag of the version in pyproject.toml
	@$(BIN)/python book/tools/release.py

run: $(READY)  ## execute the chapters afresh (CHAPTER=ch01 for one)
	$(STEADY) $(BIN)/python book/tools/run.py $(CHAPTER)

checkpoints: $(READY)  ## pretrain shipped models that are missing (NAMES=..)
	$(BIN)/python -m psm_lib rebuild $(if $(NAMES),--force $(NAMES))

bench: $(READY)  ## speed on this machine, as a table
	$(BIN)/python -m psm_lib bench
	$(STEADY) $(BIN)/python book/tools/run.py --check
	$(STEADY) $(BIN)/python book/tools/speeds.py

assignments: $(READY)  ## students' notebooks, and how often wrong ones pass
	$(BIN)/python book/tools/assignments.py
	$(BIN)/python book/tools/budget.py
	PSM_QUIET=1 $(STEADY) $(BIN)/python book/tools/mutations.py

address: $(READY)  ## write the repository's address everywhere (URL=..)
	@$(BIN)/python book/tools/address.py $(URL)

student: $(READY)  ## the repository without solutions, into OUT=..
	@$(BIN)/python book/tools/student.py $(if $(OUT),"$(OUT)")

lab: $(READY)  ## open the chapters in JupyterLab, installed on first use
	@$(BIN)/python -c 'import jupyterlab' 2>/dev/null || \
		$(BIN)/python -m pip install 'jupyterlab>=4,<5'
	$(BIN)/jupyter lab book

clean:  ## remove the built book (the environment stays; rm -r .venv)
	rm -rf _build
