"""How the tagger is taught: texts, their variation, the network. Needs requirements/train.txt."""
