"""Inputs that nobody wrote: each module holds what must be true of them, for hypothesis and for atheris alike."""
