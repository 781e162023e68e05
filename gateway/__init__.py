"""The only public door: it passes requests on to the services and owns no data."""
