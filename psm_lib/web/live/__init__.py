"""Networks in the page. ``scripts`` needs no torch; ``figures`` does."""
