"""The steps of a document's job, one module per state; the state machine alone orders them."""
