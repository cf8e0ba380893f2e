# Other scrubbers, for `make bench` alone: an environment of their own, installed once, from hashed pins.

PEERS_VENV ?= .venv-peers
PEERS_STAMP := $(PEERS_VENV)/.set-up

$(PEERS_STAMP): requirements/bench-peers.txt tests/bench/philter_tagger.py | $(STAMP)
	@echo "Installing the scrubbers of $<"
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python $(PEERS_VENV)
	@$(UV) pip sync --quiet --require-hashes --python $(PEERS_VENV)/bin/python $<
	@$(PEERS_VENV)/bin/python tests/bench/philter_tagger.py
	@touch $@

# Others that extract, for `make bench` and `make eval PEERS=1`: they ask for another spaCy than the scrubbers above.

EXTRACTION_PEERS_VENV ?= .venv-extraction-peers
EXTRACTION_PEERS_STAMP := $(EXTRACTION_PEERS_VENV)/.set-up
EXTRACTION_PEERS := $(EXTRACTION_PEERS_VENV)/bin/python

$(EXTRACTION_PEERS_STAMP): requirements/extraction-peers.txt | $(STAMP)
	@echo "Installing the extractors of $<"
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python $(EXTRACTION_PEERS_VENV)
	@$(UV) pip sync --quiet --require-hashes --python $(EXTRACTION_PEERS) $<
	@touch $@

.PHONY: extraction-peers
extraction-peers: | $(STAMP)
	@$(MAKE) --no-print-directory $(EXTRACTION_PEERS_STAMP) || \
	  echo "EXTRACTORS NOT INSTALLED: what stands beside ours is not measured" >&2
