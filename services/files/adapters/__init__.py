"""Foreign libraries behind the ports of files: object storage, and the body of an HTTP request."""
