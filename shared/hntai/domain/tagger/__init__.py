"""The learned tagger: words to facts, facts to vectors, vectors with their neighbours to types of PHI."""
