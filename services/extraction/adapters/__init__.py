"""What extraction does with foreign libraries: reading documents, in a sandboxed process, and object storage."""
