"""Incidents: ingest, fusion, lifecycle, evidence."""
