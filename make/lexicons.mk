# What extraction finds its words in, made anew: an environment of its own, from hashed pins.

LEXICONS_VENV ?= .venv-lexicons

lexicons: requirements/lexicons.txt | $(STAMP) ## rewrite icd10cm_terms.txt and drug_names.txt; read the diff
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python $(LEXICONS_VENV)
	@$(UV) pip sync --quiet --require-hashes --python $(LEXICONS_VENV)/bin/python $<
	@PYTHONPATH=shared:. $(LEXICONS_VENV)/bin/python -m hntai_local.extraction_lexicons
