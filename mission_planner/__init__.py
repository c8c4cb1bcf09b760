"""The center: planning, fleet, incidents, people, store, API, console."""
