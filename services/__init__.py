"""The services of Paperlane. They never import each other; they meet in messages (`shared.contracts`) and object storage."""
