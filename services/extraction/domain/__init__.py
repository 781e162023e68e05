"""What extraction knows without any input or output: words on pages, fields, checks."""
