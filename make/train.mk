# Teaching the tagger, for `make tagger` alone: an environment of its own, installed once, from hashed pins.

TRAIN_VENV ?= .venv-train
TRAIN_STAMP := $(TRAIN_VENV)/.set-up
LEARN = PYTHONPATH=shared HNTAI_SHARED=$(HNTAI_SHARED) $(TRAIN_VENV)/bin/python -m hntai_local.tagger_training.learn
TAGGER_SETS := aci_phi_dev adversarial_dev mts_negatives_dev outis_base_dev presidio_research_general

$(TRAIN_STAMP): requirements/train.txt | $(STAMP)
	@echo "Installing what teaches the tagger"
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python $(TRAIN_VENV)
	@$(UV) pip sync --quiet --require-hashes --python $(TRAIN_VENV)/bin/python $<
	@touch $@

tagger: $(TRAIN_STAMP) ## teach the tagger again, and those of make eval that have not seen a set; a quarter of an hour each
	@$(LEARN) shared/hntai/domain/tagger/weights.bin
	@set -e; for set in $(TAGGER_SETS); do echo "without $$set"; \
	  $(LEARN) tests/eval/left_out/$$set.bin --without $$set; done
