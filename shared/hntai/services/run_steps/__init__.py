"""The steps of a patient summary, one module per state; the state machine alone orders them."""
