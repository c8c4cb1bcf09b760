"""The registry: every fixed sensor of the site, what it is called elsewhere, what it may say, how it fares."""
