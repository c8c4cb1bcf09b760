"""Interface definitions: reading them, hashing them, and writing Python packages from them. Standard library only."""
