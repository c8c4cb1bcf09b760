# Two commands matter: `make run` and `make test`. Everything they need, they install themselves.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSOLE := mission_planner/console
WORKERS ?= 2 # unit tests that `make test` runs at a time; whole processes are always tried one after the other
TRIES := $(BIN)/python -m pytest -m "not prove" --reruns 1 --reruns-delay 5
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

INTERFACES := $(shell find ros_ws/embedded ros_ws/src/patrol_interfaces -type f -not -name '*.pyc' -not -path '*/build/*' 2>/dev/null)
CONSOLE_SOURCES := $(shell find $(CONSOLE) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

.PHONY: setup setup-dev run test prove check format bench-demo bench-incidents bench-media bench-ros bench-vision screenshots clean

setup: $(VENV)/.runtime $(VENV)/.models $(VENV)/.console ## everything `make run` needs
setup-dev: setup $(VENV)/.dev ## everything `make test` needs, too

run: setup ## center, simulated community and two robots, until Ctrl-C
	@exec $(BIN)/ronda demo

test: setup-dev ## every test that a change must pass
	@cd $(CONSOLE) && if command -v npm >/dev/null; then npm test --silent; else echo "npm is missing: the console's unit tests are skipped"; fi
	@failed=0; \
	$(TRIES) tests --ignore=tests/unit || failed=1; \
	$(TRIES) tests/unit $(if $(filter-out 1,$(WORKERS)),-n $(WORKERS) --dist loadfile) || failed=1; \
	exit $$failed

prove: setup-dev ## long seeded runs: kill loops, simulated days
	$(BIN)/python -m pytest -m prove

check: setup-dev ## lint, strict types, import rules, formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd ros_ws/embedded && ../../$(BIN)/mypy
	$(BIN)/lint-imports
	cd $(CONSOLE) && npm run --silent check

format: setup-dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	cd $(CONSOLE) && npm run --silent format

bench-vision: setup-dev ## how well and how fast the robots' eyes see
	$(BIN)/python -m tests.bench.vision

bench-demo: setup-dev ## readiness, alarm latency, CPU and memory of the demo
	$(BIN)/python -m tests.bench.demo

bench-media: setup-dev ## what a viewer costs the robot, how old a picture is, how soon the first one comes
	$(BIN)/python -m tests.bench.media

bench-incidents: setup-dev ## how fast and how surely alarms become incidents; FIGURES=sos,storm,restart,reading,corpus,store,registry,telemetry
	$(BIN)/python -m tests.bench.incidents

bench-ros: setup-dev ## the embedded ROS 2 beside raw Zenoh and zenoh-ros2-sdk
	$(BIN)/python -m tests.bench.ros

screenshots: setup-dev ## every page, both languages and themes, into build/screenshots
	$(BIN)/python -m tests.browser.screenshots

clean: ## everything made here; never your data
	rm -rf $(VENV) build dist $(CONSOLE)/node_modules $(CONSOLE)/dist

$(VENV)/.made:
	@PYTHON="$(PYTHON)" bash .ci/system-packages run
	@$(PYTHON) -m venv $$(bash .ci/system-packages venv-flags) $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made pyproject.toml constraints.txt $(INTERFACES)
	@echo "installing Ronda (the first time takes a minute or two)"
	@$(PIP) "hatchling>=1.27,<2" -e .
	@if bash .ci/system-packages has-ros; then echo "ROS 2 is sourced: using its rclpy"; \
	  else $(PIP) --no-build-isolation --force-reinstall --no-deps ./ros_ws/embedded && $(PIP) ronda-embedded-ros; fi
	@touch $@

$(VENV)/.models: $(VENV)/.runtime ros_ws/src/patrol_vision/models.py ros_ws/src/patrol_vision/models_fetch.py
	@if $(BIN)/ronda models fetch >/dev/null; then touch $@; \
	  else echo "going on without the robots' eyes: vision says unavailable until \`ronda models fetch\` succeeds"; fi

$(VENV)/.dev: $(VENV)/.runtime
	@bash .ci/system-packages dev
	@$(PIP) -e '.[dev]'
	@touch $@

$(VENV)/.console: $(VENV)/.made $(CONSOLE_SOURCES)
	@if command -v npm >/dev/null; then \
	    (cd $(CONSOLE) && npm ci --silent --no-fund --no-audit && npm run --silent build) && touch $@; \
	  else echo "npm is missing: going on without the web console (install nodejs 20 and npm, then make setup)"; fi
