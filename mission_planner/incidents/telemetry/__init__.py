"""The telemetry lane: many devices' values by any broker, kept in files; changes, deadlines, gaps become findings."""
