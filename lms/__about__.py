"""The version, read by the build and by `lms --version`."""

__version__ = "0.1.0"
