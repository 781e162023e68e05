"""Foreign libraries behind the ports of files: object storage."""
