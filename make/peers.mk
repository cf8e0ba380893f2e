# Other scrubbers, for `make bench` alone: an environment of their own, installed once, from hashed pins.

PEERS_VENV ?= .venv-peers
PEERS_STAMP := $(PEERS_VENV)/.set-up

$(PEERS_STAMP): requirements/bench-peers.txt tests/bench/philter_tagger.py | $(STAMP)
	@echo "Installing the scrubbers of $<"
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python $(PEERS_VENV)
	@$(UV) pip sync --quiet --require-hashes --python $(PEERS_VENV)/bin/python $<
	@$(PEERS_VENV)/bin/python tests/bench/philter_tagger.py
	@touch $@
