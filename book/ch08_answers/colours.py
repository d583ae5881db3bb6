"""Colours of chapter 8: what is taught to be said of one's instructions."""

COLOURS = {"nothing": "#d55e00", "private": "#009e73"}
