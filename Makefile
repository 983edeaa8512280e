# make study   runs notebooks 00–04 on the sample study and writes build/report.html
# make test    everything that a change has to pass
PYTHON ?= python3
STUDY ?= insurer
BUILD := build
TPM := .venv/bin/tpm
PARTS := .ci/parts
NOTEBOOKS := $(wildcard notebooks/0*.ipynb notebooks/deep_dives/*.ipynb)
TESTS := pytest -m "not slow" -rs -n auto --dist loadfile tpm_widgets tests
# A notebook's text and tables are compared strictly; the time limit is one cell's; each notebook stays in one process.
NBVAL := pytest -n auto --dist loadfile --nbval --nbval-current-env --nbval-sanitize-with tests/notebooks/sanitize.cfg \
  --nbval-cell-timeout 120 -o filterwarnings= -o addopts= -q -p no:cacheprovider
# An environment of its own with the lowest versions that pyproject.toml allows; what they need themselves is the newest.
LOWEST := python -m venv --clear $(BUILD)/lowest && \
  .ci/install ".[large,present,test]" $(BUILD)/lowest --resolution lowest-direct && PATH="$$PWD/$(BUILD)/lowest/bin:$$PATH"

.PHONY: study test lab samples picture notebooks lint verify benchmark gallery constraints messages clean

study: .venv/installed
	@$(TPM) run $(STUDY) --out $(BUILD)
	@echo "To work in the notebooks: make lab"

lab: .venv/installed
	@$(TPM) lab notebooks

test: .venv/installed-test
	@.ci/system-packages
	@$(PARTS) \
	  lint 'ruff check . && ruff format --check .' \
	  'types&' 'mypy' \
	  tests '$(TESTS)' \
	  notebooks '$(NBVAL) $(NOTEBOOKS)'

lint: .venv/installed-test
	@$(PARTS) format 'ruff format .' lint 'ruff check --fix .' types 'mypy'

verify: .venv/installed-test
	@.ci/system-packages verify
	@.ci/install '.[spark]'
	@$(PARTS) \
	  slow 'pytest -m slow -rs --ignore tests/spark tests' \
	  spark 'timeout --kill-after 30 900 pytest -m slow -rs tests/spark' \
	  verification 'python -m tests.verification --out $(BUILD)/verify' \
	  mutation 'python -m tests.verification.mutation --out $(BUILD)/mutation' \
	  lowest '$(LOWEST) && $(TESTS) && $(NBVAL) $(NOTEBOOKS)' \
	  pythons '.ci/pythons $(TESTS)'

gallery: .venv/installed-test
	@$(PARTS) gallery 'python -m docs.gallery'

benchmark: .venv/installed-test
	@.ci/install '.[benchmark]'
	@$(PARTS) benchmark 'python -m benchmarks'

samples: .venv/installed
	@.venv/bin/python -m tpm_widgets.study.simulate.sample_files data/samples

# The picture of the README, drawn from the sample study.
picture: .venv/installed
	@TPM_LANGUAGE=en .venv/bin/python -c "import tpm_widgets as tpm; study = tpm.sample_study('insurer'); \
	  figure = tpm.plot_driver_comparison(tpm.compare_drivers(study, negligible=(0.03, 0.02))).figure; \
	  figure.savefig('docs/saying_against_doing.png', dpi=110)"

# Run the notebooks in their place, from top to bottom, and keep the outputs.
notebooks: .venv/installed-test
	@$(PARTS) notebooks 'jupyter nbconvert --to notebook --execute --inplace \
	  --ExecutePreprocessor.record_timing=False --ExecutePreprocessor.store_widget_state=False $(NOTEBOOKS)'

# Pinned for every supported Python at once, without the address of any registry.
constraints: .venv/installed-test
	@.venv/bin/python -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
	  --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make constraints' --output-file constraints.txt pyproject.toml

# Sentences for translation: new ones appear in the German catalogue, empty.
messages: .venv/installed
	@mkdir -p $(BUILD)
	@.venv/bin/pybabel --quiet extract -F pyproject.toml -k say:1 -k say_n:1,2 --no-location --omit-header \
	  -o $(BUILD)/tpm_widgets.pot .
	@.venv/bin/pybabel --quiet update -D tpm_widgets -d tpm_widgets/locale -l de --no-fuzzy-matching --ignore-obsolete --omit-header \
	  --width 120 -i $(BUILD)/tpm_widgets.pot

clean:
	rm -rf $(BUILD) dist .venv

# The stamps hold what was installed last, so that a second call costs nothing.
.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing tpm_widgets into .venv (once, about a minute)"
	@.ci/install .
	@touch $@

.venv/installed-test: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing tpm_widgets and its tests into .venv (once, about a minute)"
	@.ci/install '.[large,present,test]'
	@touch .venv/installed $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tpm_widgets needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv
