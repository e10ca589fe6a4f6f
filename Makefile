# make            everything a reader sees: environment, notebooks, figures, pages
# make test       the tests, in about a minute;  make test-all  the long ones too, in a browser and on other Pythons
# make lab        JupyterLab;  make clean  remove what git ignores
# make run NOTEBOOK=02-term-frequency TOP_TERMS=30      one notebook with another setting, into build/run
# make ARTICLE=data/other.txt                           the same reading of another text, into build/other
# make archive FOLDER=news OUT=build/news               the same reading of every article under a folder (tools/archive)

PYTHON ?= python3
VENV ?= .venv
PY = $(VENV)/bin/python
export PYTHONPATH = $(CURDIR)/notebooks:$(CURDIR)
# else each kernel would compile pandas and matplotlib anew, two seconds each time
export PYTHONDONTWRITEBYTECODE =
.DELETE_ON_ERROR:
.PHONY: all other run test test-all test-oldest coverage mutants lab bench evaluate lock clean
.PHONY: archive archive-notebook test-archive bench-archive

NOTEBOOKS = $(wildcard notebooks/[0-9]*.ipynb)
# what the notebooks are made with; another text put into data/ is none of it
HELPERS = $(wildcard notebooks/newsprint/*.* notebooks/newstext/*.* data/article* data/*-terms.txt) tools/run.py \
  data/stopwords.txt data/lexicon-agreement.csv data/evaluation.json
PAGES = tools/pages.py $(wildcard tools/page/*.*)
AXE = build/axe/node_modules/axe-core/axe.min.js
# Names and settings from make's line reach the recipes by the environment, as they were typed: neither make nor the
# shell expands them. SETTINGS are the names of those that are meant for notebooks.
NAMES = ARTICLE OUT NOTEBOOK GOLD FOLDER WORKERS PART ARTICLES
TYPED := $(foreach name,$(.VARIABLES),$(if $(findstring command,$(origin $(name))),$(name)))
SETTINGS := $(filter-out $(NAMES) VENV PYTHON PYTEST_% PIP_% UV_%,$(TYPED))
$(foreach name,$(filter $(NAMES),$(TYPED)) $(SETTINGS),$(eval override $(name) := $$(value $(name))))
export $(NAMES) $(SETTINGS)

ifneq ($(ARTICLE)$(OUT),)
all: other
else ifneq ($(SETTINGS),)
all:
	@echo "for other settings say: make run NOTEBOOK=02-term-frequency TOP_TERMS=30" >&2; exit 2
else
all: site/index.html
	@echo "Open site/index.html"
endif

# an environment with what a lock pins, hashes checked, and this folder's packages: by uv where it is, else by pip
install = if command -v uv >/dev/null 2>&1; then \
  uv venv --quiet --allow-existing --seed --python "$(PYTHON)" "$(1)" && \
  uv pip install --quiet --python "$(1)/bin/python" --require-hashes -r $(2) && \
  uv pip install --quiet --python "$(1)/bin/python" --no-deps --editable .; else \
  $(PYTHON) -m venv "$(1)" && \
  "$(1)/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r $(2) && \
  "$(1)/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --editable .; fi

$(VENV)/.installed: requirements.lock pyproject.toml tools/editable.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	  "newsprint needs Python 3.11 or newer, this is %d.%d: make PYTHON=python3.12" % sys.version_info[:2])'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python has no venv module: install it (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	@echo "Installing into $(VENV) (once, about a minute)"
	@$(call install,$(VENV),requirements.lock)
	@touch $@

build/notebooks.done: $(NOTEBOOKS) $(HELPERS) requirements.lock | $(VENV)/.installed
	@$(PY) tools/run.py --only $(notdir $(filter notebooks/%.ipynb,$?)) $(filter-out notebooks/%.ipynb,$?)
	@mkdir -p build && touch $@

site/index.html: build/notebooks.done $(PAGES) | $(VENV)/.installed
	@$(PY) tools/pages.py

other: $(VENV)/.installed
	@article="$${ARTICLE:-data/article.txt}"; name=$$(basename -- "$$article"); out="$${OUT:-build/$${name%.*}}"; \
	$(PY) tools/run.py --out="$$out" --article="$$article" $(SETTINGS) && \
	$(PY) tools/pages.py "$$out" "$$article" && echo "Open $$out/site/index.html"

run: $(VENV)/.installed
	@[ -n "$$NOTEBOOK" ] || { echo "say: make run NOTEBOOK=02-term-frequency TOP_TERMS=30" >&2; exit 2; }
	@out="$${OUT:-build/run}"; \
	$(PY) tools/run.py --out="$$out" --notebook="$$NOTEBOOK" $${ARTICLE:+--article="$$ARTICLE"} $(SETTINGS) && \
	echo "Open $$out/notebooks/$$NOTEBOOK.ipynb; its figures are in $$out/figures"

test: $(VENV)/.installed
	@$(PY) -m pytest -m "not full"

test-all: $(VENV)/.installed $(VENV)/.archive-installed $(AXE)
	@$(PY) -m pytest

# the tests with the oldest versions that requirements.txt admits
test-oldest: $(VENV)/.installed
	@$(call install,build/oldest,tests/requirements-oldest.txt)
	@build/oldest/bin/python -m pytest -m "not full"

coverage: $(VENV)/.installed
	@$(PY) -m coverage run -m pytest -m "not full" && $(PY) -m coverage report

# how many small changes to the engine and the helpers no test notices: some hours
mutants: $(VENV)/.installed
	@rm -rf build/mutants && mkdir -p build/mutants
	@cp -r notebooks notebooks/newstext notebooks/newsprint data tests tools requirements*.* build/mutants
	@cp tests/mutants.toml build/mutants/pyproject.toml
	@$(PYTHON) -m venv build/mutants/.venv
	@build/mutants/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@build/mutants/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements-mutants.txt
	@cd build/mutants && .venv/bin/mutmut run; .venv/bin/mutmut results

# the accessibility checker that the browser tests run
$(AXE): tools/package.json
	@mkdir -p build/axe && cp tools/package.json build/axe/
	@cd build/axe && npm install --no-package-lock --no-audit --no-fund --silent

archive: $(VENV)/.archive-installed
	@[ -n "$$FOLDER" ] && [ -n "$$OUT" ] || { echo "say: make archive FOLDER=path OUT=path" >&2; exit 2; }
	@$(PY) -m tools.archive $${WORKERS:+--workers="$$WORKERS"} $${PART:+--part="$$PART"} -- "$$FOLDER" "$$OUT"
	@$(PY) tools/run.py --out="$$OUT" --notebook=06-archive ARCHIVE="$$OUT"
	@echo "Open $$OUT/notebooks/06-archive.ipynb"

# notebook 06 as it is shipped: over invented articles
archive-notebook: build/archive-notebook.done
build/archive-notebook.done: notebooks/archive/06-archive.ipynb $(HELPERS) requirements-archive.lock \
    $(wildcard notebooks/archive/*.py tools/archive/*.* tests/archive/invented.py) | $(VENV)/.archive-installed
	@rm -rf build/invented && $(PY) tests/archive/invented.py build/invented 400
	@$(PY) -m tools.archive build/invented build/invented-archive --workers 0
	@$(PY) tools/run.py --out=build/invented-archive --notebook=06-archive
	@cp build/invented-archive/notebooks/06-archive.ipynb notebooks/archive/
	@touch $@

test-archive: $(VENV)/.archive-installed
	@$(PY) -m pytest tests/archive

bench-archive: $(VENV)/.archive-installed
	@$(PY) -m tools.archive.bench $$ARTICLES

$(VENV)/.archive-installed: requirements-archive.lock | $(VENV)/.installed
	@echo "Installing Dask and Parquet into $(VENV) (once)"
	@$(call install,$(VENV),requirements-archive.lock)
	@touch $@

lab: $(VENV)/.installed
	@$(PY) -m jupyterlab --config=tools/lab.py

bench: $(VENV)/.installed
	@$(PY) tools/bench.py

evaluate: $(VENV)/.installed
	@$(PY) -m newstext.evaluate $${GOLD:+-- "$$GOLD"}

LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet
lock:
	@rm -f tests/requirements-oldest.txt
	$(LOCK) -o requirements.lock requirements.txt
	$(LOCK) -c requirements.lock -o requirements-archive.lock requirements-archive.txt
	$(LOCK) --resolution lowest-direct -o tests/requirements-oldest.txt requirements.txt

clean:
	git clean -fdX --quiet
