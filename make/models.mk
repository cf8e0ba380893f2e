# Models and what runs them; docs/models.md. Everything here may be broken off and run again.

MODELS ?=
EXPORTS ?= 1
HNTAI_MODELS_DIR ?= .models
EXPORT_VENV ?= .venv-export
export HNTAI_MODELS_DIR
RUNNERS_STAMP := $(VENV)/.runners
EXPORT_STAMP := $(EXPORT_VENV)/.set-up
BAKE = $(RUN) -m hntai_local.models --export-python $(EXPORT_VENV)/bin/python $(MODELS)

.PHONY: models runners

models: $(RUNNERS_STAMP) $(if $(filter-out 0,$(EXPORTS)),$(EXPORT_STAMP)) ## bake models and install what runs them (MODELS="minilm" narrows, EXPORTS=0 makes no ONNX files)
	@$(BAKE)
	@$(RUN) -m hntai_local.models prefixes $(MODELS)

runners: $(RUNNERS_STAMP) ## install what runs models: ONNX Runtime, llama.cpp

$(RUNNERS_STAMP): layers/onnx/requirements.txt $(wildcard layers/llama/*) make/runners.sh | $(STAMP)
	@bash make/runners.sh "$(VENV)" >&2
	@touch $@

$(EXPORT_STAMP): requirements/export.txt requirements/export-torch.txt requirements/export-torch-cpu.txt | $(STAMP)
	@bash make/export-venv.sh "$(VENV)" "$(EXPORT_VENV)" >&2
	@touch $@
