# HNTAI. `make help` lists the targets; `make demo` and `make test` set up whatever is missing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
STAMP := $(VENV)/.set-up
HNTAI_SHARED ?= ../shared
SCOPES ?=
NATIVE := $(wildcard layers/native/* shared/hntai/domain/tagger/native/*)
RUN := PYTHONPATH=shared:. $(BIN)/python
ADMIN = $(RUN) -m hntai --settings $(or $(HNTAI_STATE_DIR),.hntai)/settings.json
DO ?= --help
export HNTAI_SHARED

# The machine's own certificate authorities, where it has any: networks that inspect TLS need theirs.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := true
endif

include make/peers.mk

.PHONY: help setup demo run token test check eval bench runs audit-verify admin migrations-digest workflow-graph openapi api-docs golden rules tagger lexicons clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## install everything into .venv, from hashed pins

$(STAMP): requirements/dev.txt requirements/emulator.txt requirements/uv.txt make/setup.sh $(NATIVE)
	@bash make/setup.sh "$(PYTHON)" "$(VENV)" >&2
	@touch $@

demo: $(STAMP) ## the main job: a patient's record in, a scrubbed four-section summary out
	@$(RUN) -m hntai_local demo

run: $(STAMP) ## the local stack, until Ctrl-C
	@PYTHONPATH=shared:. exec $(BIN)/python -m hntai_local run

token: $(STAMP) ## print a local bearer token (SCOPES="scrub" narrows it)
	@$(RUN) -m hntai_local token $(if $(SCOPES),--scopes "$(SCOPES)")

test: $(STAMP) ## every ring of tests, each with its count
	@$(RUN) -m tests.rings

check: $(STAMP) ## lint, format, types, import contracts, the template
	@echo "ruff"; $(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . && echo "formatted"
	@echo "mypy"; PYTHONPATH=shared:. $(BIN)/mypy
	@echo "import contracts"; PYTHONPATH=shared:. $(BIN)/lint-imports --no-cache
	@$(MAKE) --no-print-directory check-template

eval: $(STAMP) $(if $(filter 1,$(PEERS)),extraction-peers) ## figures over the evaluation data in $(HNTAI_SHARED), where there is any (MODELS=1: baked models too, hours; PEERS=1: installs others to set beside ours)
	@$(RUN) -m tests.eval.goals
	@$(RUN) -m tests.eval.summary_eval
	@$(RUN) -m tests.eval.summarize_eval
	@echo; $(RUN) -m tests.eval.claims_eval
	@echo; $(RUN) -m tests.eval.extraction_eval --peers $(EXTRACTION_PEERS)
	@echo; $(RUN) -m tests.eval.extraction_codes
	@echo; $(RUN) -m tests.eval.speech_eval
	@echo; $(RUN) -m tests.eval.document_eval
	@$(if $(filter 1,$(MODELS)),echo; $(RUN) -m tests.eval.model_summary_eval,true)

bench: $(STAMP) $(PEERS_STAMP) extraction-peers ## latencies of the local stack; bulks, a thousand to a million; summaries; scrubber, extraction, documents, speech and models, beside others where there are any
	@$(RUN) -m tests.bench.latency
	@echo; $(RUN) -m tests.bench.call_cost
	@echo; $(RUN) -m tests.bench.scale_bulk measure
	@echo; $(RUN) -m tests.bench.summary_speed
	@echo; for form in fhir pages visits; do $(RUN) -m tests.bench.ehr_memory $$form; done
	@echo; $(RUN) -m tests.bench.phi_speed
	@echo; $(RUN) -m tests.bench.extraction_speed $(EXTRACTION_PEERS)
	@echo; $(RUN) -m tests.bench.document_speed
	@echo; $(RUN) -m tests.bench.phi_peers $(PEERS_VENV)/bin/python
	@echo; $(RUN) -m tests.bench.model_speed
	@echo; $(RUN) -m tests.bench.speech_speed $(PEERS_VENV)/bin/python --hour
	@echo; $(RUN) -m tests.bench.speech_hour

runs: $(STAMP) ## the newest run of the running stack, state by state
	@$(ADMIN) runs show

audit-verify: $(STAMP) ## check the audit chain of the running stack, and anchor it
	@$(ADMIN) audit verify

admin: $(STAMP) ## administer the running stack: make admin DO="keys list" (DO="--help" lists what there is)
	@$(ADMIN) $(DO)

migrations-digest: $(STAMP) ## write the digest of sql/migrations into template.yaml
	@$(RUN) -m hntai_local migrations-digest

openapi: $(STAMP) ## write functions/status/openapi.json from the functions' routes
	@$(RUN) -m hntai_local openapi
	@$(RUN) -m hntai_local api-docs

api-docs: $(STAMP) ## write docs/api.md from that description and docs/examples
	@$(RUN) -m hntai_local api-docs

workflow-graph: $(STAMP) ## draw each state machine as an SVG into docs/
	@$(RUN) -m hntai_local workflow-graph

golden: $(STAMP) ## rewrite the golden files; read the diff
	@$(RUN) -m tests.golden.summary_answers

rules: $(STAMP) ## every rule of the summary, for reviewers: title, urgency, source, inputs
	@$(RUN) -m hntai_local.rules_listing

clean: ## remove what setup, runs and checks made
	rm -rf .venv .venv-check .venv-export .venv-peers .venv-extraction-peers .venv-train .venv-lexicons .hntai shared/hntai/domain/tagger/libtagger.so .mypy_cache .ruff_cache .import_linter_cache .grimp_cache .hypothesis .aws-sam
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

include make/models.mk
include make/template.mk
include make/images.mk
include make/train.mk
include make/lexicons.mk
