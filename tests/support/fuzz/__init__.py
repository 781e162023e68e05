"""What schemathesis needs to walk this API: who calls, what there is, and what is no failure."""
