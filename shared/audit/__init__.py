"""The audit log (S-46): a chain of entries for each start of a process, its writer, its proof and its HTTP door."""
