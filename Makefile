# Every target does its own set-up: a fresh clone needs Python 3.11 or newer, make, and the internet or Go.
.DEFAULT_GOAL := help
SHELL := /bin/bash -o pipefail
PYTHON ?= python3
STACK ?=
JSON ?=
CHECK ?=
UNDO ?=
FROM_NOTHING ?=
BASE ?= origin/main
# One more than the two cores of a small machine: the tests wait now and then.
PROCESSES ?= 3
VENV := .venv
BIN := $(VENV)/bin
# The layers of the environment, each upon the one before: what a deploying job needs, a rehearsal, a developer.
PLAIN := $(VENV)/.plain
SCORING := $(VENV)/.scoring
REPORT := $(VENV)/.report
REHEARSE := $(VENV)/.rehearse
DEV := $(VENV)/.dev
SPARK := $(VENV)/.spark
# Beside the layers: its protobuf is another one.
POLICY := $(VENV)/policy/.made
# A stack that is rehearsed needs a sandbox too: ROLLPIN_SANDBOX=DIR stands for its workspace.
OF_STACK := $(if $(filter local,$(STACK))$(strip $(ROLLPIN_SANDBOX)),$(REHEARSE),$(PLAIN))
# VERBOSE=1 tells also why this engine and this provider were taken.
ENGINE = $(BIN)/python -m engine $(if $(VERBOSE),--verbose)
INSTALL = VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install
COMPILE = $(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11
BROWSER := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
# Who is root where there is apt, as in a container, gets what the tests lack; anybody else is told.
APT_ROOT := $(if $(shell [ "$$(id -u)" = 0 ] && command -v apt-get),yes)
JAVA := $(shell command -v java || command -v "$${JAVA_HOME:-/nowhere}/bin/java")
GO := $(shell command -v go)
# Outside of every work tree, as the engine is.
ACTIONLINT := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/rollpin/$(shell sed -n 's|.*rhysd/\(actionlint\) v\([0-9.]*\).*|\1-\2|p' lint/go.mod)
export PYTHONUNBUFFERED := 1
# Images set it to stay small; then each process would compile MLflow and the SDKs anew, for seconds. .venv is ours.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup setup-deploy setup-scoring init bootstrap pulumi policy-pack test browser test-quick lint sandbox down up preview review report refresh destroy verify live benchmark docs requirements clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV) ## Make the environment in .venv (every other target does so itself)

setup-deploy: $(PLAIN) ## Make of it only what deploying to the cloud needs

setup-scoring: $(SCORING) ## The same, and what loads a model and copies it to another registry

# A rehearsal needs no released plugins, and takes the engine that the local stack has.
pulumi: $(if $(strip $(ROLLPIN_SANDBOX)),$(REHEARSE),$(PLAIN)) ## Bring the released Pulumi CLI and its plugins, which the stacks in the cloud need
	@$(BIN)/python -m engine.$(if $(strip $(ROLLPIN_SANDBOX)),pulumi_cli,released_cli)

policy-pack: $(POLICY) ## Make what `pulumi preview --policy-pack policy` needs, for those who type that

init: $(PLAIN) ## Make this repository your own: make init ARGS='--name assistants --yes'
	@$(BIN)/model-ops init $(ARGS)

# It shows what it would do; ARGS=--yes does it, CHECK=1 says what was changed since, UNDO=1 takes it back.
bootstrap: $(PLAIN) ## Make what a stack needs before its first deployment: make bootstrap STACK=prod ARGS=--yes
	@$(BIN)/model-ops bootstrap --stack '$(STACK)' $(if $(filter-out 0,$(CHECK)),--check) $(if $(filter-out 0,$(UNDO)),--undo) $(ARGS)

# <example>
.PHONY: demo train
demo: $(REHEARSE) ## Rehearse the main job: deploy version 7, roll back to 6 under load, forward again
	@$(BIN)/python -m rehearsal

train: $(REHEARSE) ## Train the chatbot's versions and register them in the sandbox
	@$(BIN)/python -m rehearsal.training $(if $(STACK),--stack '$(STACK)') $(if $(VERSIONS),--versions '$(VERSIONS)')

# </example>
test: $(DEV) $(if $(JAVA),$(SPARK)) $(if $(BROWSER),,$(if $(APT_ROOT),browser)) ## Run all tests; the report is build/junit.xml
	@$(if $(JAVA),:,echo "there is no java here: the tests of Spark will be skipped" >&2)
	@$(if $(BROWSER)$(APT_ROOT),:,echo "there is no Chromium here: the tests of the pages will be skipped (make browser)" >&2)
	@mkdir -p build
	@$(BIN)/python -m engine.pulumi_cli
	@$(BIN)/python -m pytest -n $(PROCESSES) --durations=10 --junit-xml=build/junit.xml $(ARGS)

browser: ## Install the browser that the pages are tested in, Debian's Chromium, or say how
ifneq ($(BROWSER),)
	@echo "the pages are tested in $(BROWSER)" >&2
else ifeq ($(APT_ROOT),yes)
	@echo "installing Chromium, which the pages are tested in …" >&2
	@{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } >/dev/null || \
		echo "Chromium could not be installed: the tests of the pages will be skipped. Try: apt-get install chromium" >&2
else
	@echo "Install Chromium, as root: apt-get install chromium" >&2
	@exit 1
endif

test-quick: PROCESSES = 2
test-quick: $(DEV) ## Run the tests that need neither engine nor sandbox
	@mkdir -p build
	@$(BIN)/python -m pytest -n $(PROCESSES) --durations=5 tests/unit tests/stacks $(ARGS)

lint: $(DEV) $(if $(GO),$(ACTIONLINT)) ## Check style, types, formatting, and the workflows
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.azure-pipelines --data-transform azure-pipelines \
		--regex-variant python $(wildcard .azuredevops/*.yml .azuredevops/*/*.yml)
	@$(BIN)/zizmor --offline --no-progress --quiet --persona pedantic --config lint/zizmor.yml .github/workflows
	@$(if $(GO),$(ACTIONLINT) -config-file lint/actionlint.yml -shellcheck= -pyflakes=,$(if $(CI),$(error \
		actionlint is built with Go, and there is no go here: install it, https://go.dev/dl),echo \
		"actionlint is left out: it is built with Go, and there is no go here" >&2))

sandbox: $(REHEARSE) ## Start the sandbox workspace; it stays up until `make down`
	@$(BIN)/python -m sandbox start

down: $(REHEARSE) ## Stop the sandbox; what it holds stays in .sandbox
	@$(BIN)/python -m sandbox stop

up: $(OF_STACK) ## Deploy a stack and prove that its pin serves: make up STACK=local
	@$(ENGINE) up --stack '$(STACK)'

preview: $(OF_STACK) ## Show what an up would change: make preview STACK=local
	@$(ENGINE) preview --stack '$(STACK)' $(if $(JSON),--json '$(JSON)')

# A preview that was refused is reviewed too: why is in its document. One that could not begin leaves none.
review: $(OF_STACK) $(if $(HTML),$(REPORT)) ## Say what the change since BASE does to a stack: make review STACK=test BASE=origin/main
	@mkdir -p build
	@rm -f 'build/preview-$(STACK).json'
	@$(ENGINE) preview --stack '$(STACK)' --json 'build/preview-$(STACK).json' >&2 || true
	@$(BIN)/model-ops review --base '$(BASE)' --stack '$(STACK)' --preview 'build/preview-$(STACK).json' --json 'build/review-$(STACK).json' $(if $(HTML),--html '$(HTML)')

report: HTML ?= build/report.html
report: $(REPORT) ## Write what all stacks serve, and served, as a page: make report HTML=build/report.html
	@$(BIN)/model-ops report --html '$(HTML)'

refresh: $(OF_STACK) ## Read what is really there into the stack's state: make refresh STACK=local
	@$(ENGINE) refresh --stack '$(STACK)'

destroy: $(OF_STACK) ## Delete what a stack made: make destroy STACK=local
	@$(ENGINE) destroy --stack '$(STACK)'

verify: $(OF_STACK) ## Prove that what a stack pins is what serves: make verify STACK=local
	@$(BIN)/model-ops verify --stack '$(STACK)'

# It signs in as you do. FROM_NOTHING=1 makes a platform, for which docs/platform.md has a stack, and takes it down again.
live: $(DEV) ## Prove on Azure what tests here cannot: make live STACK=test, which changes nothing
	@$(if $(STACK),:,echo "which stack? make live STACK=test" >&2; exit 2)
	@ROLLPIN_LIVE_STACK='$(STACK)' ROLLPIN_LIVE_FROM_NOTHING='$(filter-out 0,$(FROM_NOTHING))' $(BIN)/python -m pytest -n 0 -m live --junit-xml=build/live.xml tests/live/$(if $(filter-out 0,$(FROM_NOTHING)),test_from_nothing.py,test_deployed_stack.py) $(ARGS)

benchmark: $(DEV) ## Measure router, sandbox and command line side by side with what they wrap
	@$(BIN)/python bench/router.py
	@$(BIN)/python bench/start.py
	@$(BIN)/python bench/command_line.py

docs: $(DEV) ## Write the references in docs/ (commands, settings, outputs, policies), and the diagrams of the stacks
	@for page in model-ops:model_ops.cli.reference settings:infra.settings.reference outputs:infra.outputs policy:policy.reference; do \
		$(BIN)/python -m $${page#*:} > docs/.page.md && mv docs/.page.md docs/$${page%%:*}.md || exit; done
	@$(BIN)/python -m pytest -q -n 0 --write-expected tests/stacks/test_architecture.py >/dev/null

requirements: $(DEV) ## Pin requirements*.txt anew from pyproject.toml
	@$(COMPILE) --extra dev pyproject.toml -o requirements-dev.txt
	@for extra in rehearse report scoring spark; do \
		$(COMPILE) --extra $$extra -c requirements-dev.txt pyproject.toml -o requirements-$$extra.txt || exit; done
	@$(COMPILE) -c requirements-dev.txt pyproject.toml -o requirements.txt
	@$(COMPILE) --group bootstrap -o requirements-bootstrap.txt
	@$(COMPILE) --group policy -o policy/requirements.txt

clean: ## Stop the sandbox and remove all that these targets made, the environment too
	@if [ -e $(REHEARSE) ] && [ -d .sandbox ]; then $(BIN)/python -m sandbox stop; fi
	@rm -rf .sandbox build $(VENV) rollpin.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PLAIN): requirements.txt requirements-bootstrap.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Say which: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "making the environment in $(VENV) …" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt
	@$(INSTALL) --require-hashes -r requirements.txt 2>&1 | grep -v '^ [+~-] '
	@$(INSTALL) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# A layer of the environment: $(call layer,what its requirements are called,what is being installed).
define layer
	@echo "installing $(2) …" >&2
	@$(INSTALL) --require-hashes -r requirements-$(1).txt 2>&1 | grep -v '^ [+~-] '
	@touch $@
endef

$(REPORT): requirements-report.txt $(PLAIN)
	$(call layer,report,what draws a page)

$(POLICY): policy/requirements.txt $(PLAIN)
	@echo "making the environment of the policy pack in $(VENV)/policy …" >&2
	@$(BIN)/python -m venv --without-pip $(VENV)/policy
	@$(BIN)/uv pip install --quiet --python $(VENV)/policy/bin/python --require-hashes -r policy/requirements.txt
	@touch $@

$(SCORING): requirements-scoring.txt $(PLAIN)
	$(call layer,scoring,what loads models)

$(REHEARSE): requirements-rehearse.txt $(PLAIN)
	$(call layer,rehearse,what the sandbox needs)

$(DEV): requirements-dev.txt $(REHEARSE)
	$(call layer,dev,the tools of the tests)

$(SPARK): requirements-spark.txt $(DEV)
	$(call layer,spark,Spark)

$(ACTIONLINT):
	@echo "building actionlint (once; half a minute) …" >&2
	@mkdir -p $(@D)
	@cd lint && CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -o $@.new github.com/rhysd/actionlint/cmd/actionlint
	@mv $@.new $@
