"""Forwarding: which headers travel, how bodies stream, how a service is reached, and the WSGI callable over it all."""
