"""People: accounts, roles, sessions, the audit record, and the robots' own tokens."""
