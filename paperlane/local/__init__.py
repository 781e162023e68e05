"""The whole product on one machine, without containers: real servers, every service, and what keeps them running."""
