"""Tests, by how much of the product they start: unit, contract, flow, integration, e2e; and rules, which read the code itself."""
