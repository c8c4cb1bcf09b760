"""Tells where a robot's parts are, from its description and the angles of its joints."""
