"""OpenRECP: resource-efficient and cleaner production, as a library and a command line."""

__version__ = "0.1.0"
