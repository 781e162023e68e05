"""The bodies of what auth is sent and answers."""
