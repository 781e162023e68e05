"""Foreign libraries behind the ports of auth."""
