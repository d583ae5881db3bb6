"""Figures that live in a page: networks that run there, and their looks."""
