"""The embedded simulator: a community on a machine with nothing installed."""
