"""Measurements, each one command. Nothing here is a test: figures depend on the machine."""
