"""The words of a text, as the tokenizers of our worlds see them.

Apart from everything that needs torch, for readers of world files.
"""

from __future__ import annotations

import re

# Latin, Greek and Cyrillic letters by their numbers, which Python,
# `tokenizers` and the page's script read alike. An accent that is a character
# of its own is no letter; the reader of files joins it to the letter before.
LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
    "\u0370-\u037d\u037f-\u0481\u048a-\u04ff\u1e00-\u1eff"
)
# A token is a word or a number with the space before it, a mark, a newline.
TOKEN = rf" ?[{LETTER}']+| ?[0-9]+|[^\s{LETTER}0-9]|\s"
SPECIAL = ("<pad>", "<s>", "</s>", "<unk>")


def words(text: str) -> list[str]:
    """The tokens of a text: joined they give the text back."""
    return re.findall(TOKEN, text)


def first_word(text: str) -> str:
    """The word or number a line begins with, as the tokenizer has it, or ''.

    A line may begin with a blank, as an answer does after its label.
    """
    found = re.match(rf"\s*([{LETTER}']+|[0-9]+)", text)
    return found.group(1) if found else ""
