"""Robots: how the center hears them, whom it sends, and what became of their missions."""
