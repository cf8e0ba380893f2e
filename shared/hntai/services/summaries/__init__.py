"""How a summary is made, by which model, and how it is kept for the next who asks."""
