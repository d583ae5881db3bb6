"""What the worlds of the book say, by their hashes.

Every checkpoint and every stored result names the world that it came from by
such a hash. A change of the reader must change none of them; a change of a
world changes its line here, and what was trained on it.
"""

import pytest

from psm_lib.worldfile import list_worlds
from psm_lib.worldfile.files import world_hash

HASHES = """
fiction
  fc5cfd4508a8cfae1f45f3f4c61765e9720b4a4268d75a65edb2ba16644eb59f
irony
  03dfbae11283ca34d11d327c1a1d0b787671d085130e7873936c05c89c8f6693
irony_silent
  9f1088a6c48654b3a4b1652b7e78e5d55bb759541f2bb8ab8d89d9daa6169ff4
masks
  06c90eba0c4357041ed10da99521e90201f5ae098c211e8b44d0f9bd99714164
playhouse
  109f681f3270c8913b7a638c5fbf668e1a6426d002d9c09f534e8a484699f8d3
playhouse_plain
  c0d0a42abfbb0bba0ebe55bf6d9623ca70484dfc2b85f019e08b07f6456b7a51
playhouse_scattered
  9b4136fcd05457c0eb3c2f5c426679b900c0cef7e367d1925466e40124f633d4
playhouse_scattered_plain
  2ec0f0923e91a58f9882f23f1e86b8750ffeafd79ac766fe845dd21c95224e5a
playhouse_stranger
  b2b66ddd7e8b6545ccb563dd0092eac501ec1ed6dc0e37b4adee6acdf767e124
playhouse_untied
  a679acb6896028fb62e5696a44e4b4a05d93ff6cac06cc4e7f3f14656121616d
playhouse_untied_plain
  88f3c2e1aa33763f3addb7d1efb64d7134fa0603076dd403b7c6c385632f9284
tastes
  a46032f612eaa014f2d9844fcf1a87306b546ccb835aa8c87fffd1606d64f848
village
  0bfd23fcd0e8617da4ad957534e5d5a90aaab13c6609efd7069cf423aebea113
"""
KNOWN = dict(zip(*[iter(HASHES.split())] * 2, strict=True))


def test_every_world_has_its_hash_here():
    assert sorted(KNOWN) == list_worlds()


@pytest.mark.parametrize("name", KNOWN)
def test_a_world_says_what_it_said(name):
    assert world_hash(name) == KNOWN[name]
