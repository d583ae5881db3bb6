"""Colours and lines of chapter 2: what is believed in a story."""

COLOURS = {"fact": "#009e73", "belief": "#d55e00"}
STYLES = {"fact": "-", "belief": "--"}
