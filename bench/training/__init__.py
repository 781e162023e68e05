"""Training of the model that ranks candidates for fields: `python -m bench.training`."""
