"""Whole stories: the real processes together, and accelerated ones in lockstep."""
