"""Tellings out of the log of notices: one channel for each way, each with a cursor of its own."""
