"""Files: takes bytes in, keeps them in object storage under a manifest, and gives them back checked."""
