"""The services. They never import each other; they meet in messages (`shared.contracts`) and object storage."""
