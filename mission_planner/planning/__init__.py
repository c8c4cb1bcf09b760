"""Planning: when and where robots patrol. Pure: no clock, no socket, no thread."""
