"""The domain in plain Python: everything else in Ronda speaks it. Standard library only."""
