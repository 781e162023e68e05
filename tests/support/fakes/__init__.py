"""Fakes behind our own ports. Each passes the same port tests (`tests/contract`) as the real adapter."""
