"""Thin library shared by the chapters of *Who Is Speaking?*."""

__version__ = "0.1.0"
