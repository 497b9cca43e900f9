"""Starts and supervises the embedded servers and the product's processes.

Standard library only, so that it runs before anything is installed. Nothing in the
product imports it; tests and the command line do.
"""
