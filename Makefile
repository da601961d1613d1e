# The commands people type; `make` lists them. Each sets up what it needs, once.

# What one may set for any target, such as make html PYTHON=python3.13. What one target
# needs (LANGUAGE, FROM, REASON, SEED) stands in its line of help.
PYTHON     = python3
PYTESTOPTS =
SERVEOPTS  =
STATSOPTS  = --short-words
BENCHOPTS  =
VENV       = .venv

# A failed PDF does not stop the HTML.
MAKEFLAGS += --keep-going --no-print-directory

# By the name of this run, a build knows what another has said.
run  := $(shell echo "$$PPID-$$(date +%s)")
build = $(VENV)/bin/python -m tools.build --run=$(run)

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## html         build the pages of every language: build/html/en/index.html
## html-ja      build those of one language
html: $(VENV)/build
	@$(build) html

html-%: $(VENV)/build
	@$(build) '$@'

## latexpdf     build the PDFs of every language: build/pdf/
## latexpdf-ja  build those of one language
latexpdf: $(VENV)/build need-pdf
	@$(build) latexpdf

latexpdf-%: $(VENV)/build need-pdf
	@$(build) '$@'

## site         put pages and PDFs together as one folder to publish: build/site/
site: html latexpdf
	@$(VENV)/bin/python -m tools.make_site

## serve        show that folder in the browser as a host would (SERVEOPTS=--port=8001)
serve: site $(VENV)/dev
	@$(VENV)/bin/python -m tools.serve $(SERVEOPTS)

## publish      freeze every policy whose text changed, in all languages: archive/
publish: $(VENV)/build need-pdf
	@$(VENV)/bin/python -m tools.publish

## correct      publish a correction: make correct LANGUAGE=ja REASON="A term was wrong."
correct: $(VENV)/build need-pdf
	@$(VENV)/bin/python -m tools.correct "$(LANGUAGE)" "$$REASON"
# Through the environment, as a sentence may hold quotation marks.
correct: export REASON := $(REASON)

## update-po    bring new and changed messages into the catalogs of every language
update-po: gettext
	@$(VENV)/bin/python -m tools.update_po

## gettext      extract the messages: build/gettext/
gettext: $(VENV)/build
	@SOURCE_DATE_EPOCH=0 $(build) gettext

## preview-ja   show the pages of one language in the browser while you translate them
preview-%: $(VENV)/dev
	@$(VENV)/bin/python -m tools.preview '$*'

## review-ja    put both languages side by side for reviewers: build/review/
##              (make review-ja FROM=reviewed.xlsx takes back what they say)
review-%: $(VENV)/dev
	@$(VENV)/bin/python -m tools.review '$*' $(if $(FROM),--from '$(FROM)')

## check        find all that a reviewer of the catalogs would look for
check: $(VENV)/dev need-gettext need-node tools/textlint/node_modules
	@$(VENV)/bin/python -m tools.check

tools/%/node_modules: tools/%/package-lock.json $(VENV)/dev
	@$(once) $@ $< 'echo "Setting up $*"; PATH="$(abspath $(VENV))/bin:$$PATH" \
		npm ci --prefix tools/$* --ignore-scripts --silent --no-audit --no-fund'

## stats        count what is translated (t), fuzzy (f) and untranslated (u) in each
##              catalog, in words (STATSOPTS=--full: and in messages; --csv: for programs)
stats: $(VENV)/dev
	@$(VENV)/bin/pocount --no-color $(STATSOPTS) locale/*/LC_MESSAGES/*.po

## add-language make the catalogs of a new language: make add-language LANGUAGE=fr
add-language: gettext
	@test -n "$(LANGUAGE)" || { echo "Say which: make add-language LANGUAGE=fr" >&2; exit 1; }
	@$(VENV)/bin/python -m tools.update_po '$(LANGUAGE)'

## pseudo       build pages and PDFs whose every translatable string is marked: build/pseudo/
pseudo: gettext need-pdf
	@$(build) --build build/pseudo -D pseudo=build/gettext html-en latexpdf-en

## lint         check form, names and types of the Python code
lint: $(VENV)/dev
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --quiet --check .
	@$(VENV)/bin/mypy

## test         run every test
test: lint need-pdf need-gettext need-node need-browser need-reproducible need-office \
		need-editors tools/pages/node_modules tools/textlint/node_modules
	@$(pytest) $(PYTESTOPTS)

## test-quick   run the tests that need no TeX, browser, Node or Java
test-quick: $(VENV)/dev
	@$(pytest) tests/unit $(PYTESTOPTS)

# Two files at a time, those of many short tests last: the tests of a file share what is
# made for them.
pytest = $(VENV)/bin/pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder

## test-edited  run every test after an owner's lawful edits, at random (SEED=… repeats)
test-edited: $(VENV)/dev tools/pages/node_modules tools/textlint/node_modules
	@$(VENV)/bin/python -m tests.edit_at_random build/edited $(SEED)
	@$(MAKE) -C build/edited test

## rehearse-readthedocs  build the last commit as Read the Docs does, and check it
rehearse-readthedocs: $(VENV)/dev need-pdf
	@$(VENV)/bin/python -m tools.rehearse

## linkcheck    ask for every address that the pages link
linkcheck: $(VENV)/build
	@$(build) linkcheck

## bench        measure what builds cost, ours and stock (BENCHOPTS="--sites 10x10")
bench: $(VENV)/dev need-pdf
	@$(VENV)/bin/python -m benchmarks.bench $(BENCHOPTS)

## check-pdf    validate the PDFs as PDF/A-2a, for archives, and PDF/UA-1, for screen readers
check-pdf: latexpdf $(VENV)/dev
	@$(VENV)/bin/python -m tools.verapdf build/pdf/*.pdf

## verify-reproducible build the commit twice, elsewhere and elsewhen, and compare the bytes
verify-reproducible: $(VENV)/build need-pdf need-reproducible
	@$(VENV)/bin/python -m tools.verify_reproducible $(VENV)

## lock         compile the locks from requirements.in and requirements-dev.in
lock: $(VENV)/dev
	@$(lock) requirements.in -o requirements.txt
	@$(lock) requirements-dev.in -o requirements-dev.txt
lock = $(VENV)/bin/uv pip compile $(LOCKOPTS) --quiet --universal --generate-hashes \
	--python-version 3.11 --custom-compile-command "make lock"

## upgrade      compile them with the newest release of everything; then make test
upgrade: LOCKOPTS = --upgrade
upgrade: lock

## test-newest  do both with a clone of the last commit in build/newest/
test-newest:
	@rm -rf build/newest && git clone --quiet . build/newest
	@$(MAKE) -C build/newest upgrade VENV=.venv
	@git -C build/newest diff --unified=0 | grep "^[-+][a-z]" || echo "Nothing is newer."
	@$(MAKE) -C build/newest test VENV=.venv

# The icon for browsers that draw no SVG there, and for the screen of a phone.
_static/favicon.png: _static/favicon.svg need-browser
	@chromium --headless --no-sandbox --hide-scrollbars --window-size=180,180 \
		--default-background-color=00000000 --screenshot=$@ file://$(abspath $<) 2>/dev/null

## clean        remove all output
clean:
	rm -rf build

# -- Set-up ------------------------------------------------------------------------

## venv         set up .venv, with what builds and what tests
venv: $(VENV)/dev

# What builds, and what tests and translates besides.
$(VENV)/build: requirements.txt
	@$(PYTHON) tools/install_system_packages.py venv
	@$(once) $@ $< 'echo "Setting up $(VENV)"; $(PYTHON) -m venv --clear $(VENV); \
		$(pip_install) -r $<'

$(VENV)/dev: requirements-dev.txt $(VENV)/build
	@$(once) $@ $< 'echo "Setting up what tests and translates"; $(pip_install) -r $<'

# Of two makes at once, the second waits until the first has set up.
once = $(PYTHON) tools/once.py
pip_install = $(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes

# What only the system has.
need-%:
	@$(PYTHON) tools/install_system_packages.py $*

# These are commands, and no names of files.
.PHONY: help html latexpdf site serve publish correct update-po gettext check stats \
	add-language pseudo lint venv test test-quick test-edited bench rehearse-readthedocs \
	linkcheck check-pdf verify-reproducible lock \
	upgrade test-newest clean
