"""Properties are tried on machines that others use too: an example may take as long as it takes."""

from hypothesis import settings

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")
