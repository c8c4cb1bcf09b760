"""Ingest: fixed sensors' messages come in by MQTT, are stored, acknowledged, and understood."""
