"""The bodies and queries of the HTTP door: snake_case here, camelCase there."""
