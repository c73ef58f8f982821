"""Runs on a person's machine only: the command line, the local run, the stand-ins."""
