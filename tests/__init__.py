"""Tests by how much of the product they start: unit, contract, flow, integration, e2e; rules read the code itself."""
