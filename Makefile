# The commands people type; `make` lists them. Each sets up what it needs, once.

# What one may set on the command line: make html LANGUAGES=ja PYTHON=python3.13
PYTHON     = python3
LANGUAGES  = en $(patsubst locale/%/,%,$(wildcard locale/*/))
SPHINXOPTS = -W --keep-going -n --quiet
PYTESTOPTS =
VENV       = .venv

# A failed PDF does not stop the HTML, nor one language another.
MAKEFLAGS += --keep-going --no-print-directory

# Languages are built side by side, the output of each in one piece.
side_by_side = $(MAKE) --jobs=$(shell getconf _NPROCESSORS_ONLN) --output-sync=target
sphinx_build = $(VENV)/bin/sphinx-build -c . $(SPHINXOPTS)

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## html         build the pages of every language: build/html/en/index.html
## html-ja      build those of one language
html: $(VENV)/build
	@$(side_by_side) $(LANGUAGES:%=html-%)

html-%: $(VENV)/build
	@$(sphinx_build) -b html -d build/doctrees/html-$* -D language=$* source build/html/$*
	@echo "build/html/$*/index.html"

## latexpdf     build the PDFs of every language: build/pdf/
## latexpdf-ja  build those of one language
latexpdf: $(VENV)/build need-pdf
	@$(side_by_side) $(LANGUAGES:%=latexpdf-%)

latexpdf-%: $(VENV)/build need-pdf
	@rm -f build/latex/$*/*.tex
	@$(sphinx_build) -b latex -d build/doctrees/latex-$* -D language=$* source build/latex/$*
	@$(MAKE) -C build/latex/$* LATEXMKOPTS="-silent -halt-on-error" all-pdf >build/latex/$*/make.log 2>&1 \
		|| { grep -h -A3 "^! \|Missing character" build/latex/$*/*.log; \
		     echo "error: no PDF: see build/latex/$*/make.log" >&2; exit 1; }
	@mkdir -p build/pdf && cp -p build/latex/$*/*-$*.pdf build/pdf/
	@ls build/pdf/*-$*.pdf

## update-po    bring new and changed messages into the catalogs of every language
update-po: gettext $(VENV)/dev
	@cd build && $(abspath $(VENV))/bin/sphinx-intl update -p gettext -d ../locale -w 0 \
		$(patsubst %,-l %,$(filter-out en,$(LANGUAGES)))

## gettext      extract the messages: build/gettext/
gettext: $(VENV)/build
	@SOURCE_DATE_EPOCH=0 $(sphinx_build) -b gettext -d build/doctrees/gettext source build/gettext

## test         run every test
test: $(VENV)/dev need-pdf need-browser
	@$(VENV)/bin/pytest $(PYTESTOPTS)

## lock         compile the locks from requirements.in and requirements-dev.in
lock: $(VENV)/dev
	@$(lock) requirements.in -o requirements.txt
	@$(lock) requirements-dev.in -o requirements-dev.txt
lock = $(VENV)/bin/uv pip compile --quiet --universal --generate-hashes \
	--python-version 3.11 --custom-compile-command "make lock"

## clean        remove all output
clean:
	rm -rf build

# -- Set-up ------------------------------------------------------------------------

# What builds, and what tests and translates besides.
$(VENV)/build: requirements.txt
	@$(PYTHON) tools/provide.py venv
	@echo "Setting up $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(pip_install) -r $<
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/build
	@$(pip_install) -r $<
	@touch $@

pip_install = $(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes

# What only the system has.
need-%:
	@$(PYTHON) tools/provide.py $*

# Always run: Sphinx and latexmk know what has changed.
.PHONY: help html latexpdf update-po gettext test lock clean
.SECONDARY:
