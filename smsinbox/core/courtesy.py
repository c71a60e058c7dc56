"""Texts that only say thanks, or nod: nobody waits for an answer to them, most likely."""

import re
import unicodedata

_LONGEST = 60  # characters; whoever writes more says more
_WORDS = """thank thanks thx ty tysm tnx thanx you u so very much many a lot again ok okay k kk
    great perfect awesome cool nice super wonderful lovely excellent fine good got it will do sounds
    no problem np cheers appreciated appreciate ta bye
    danke dankeschön vielen dank schön sehr super prima gut alles klar passt perfekt merci beaucoup
    gracias muchas perfecto vale grazie mille obrigado obrigada bedankt"""
_KNOWN = frozenset(_WORDS.split())
_NODS = frozenset("👍👌🙏🙌👏😊🙂😀😃😄😁❤♥💕💙💚💛🧡💜😍🥰😘🎉✅✔🤝💪🤗😇☺💯")
_WORD = re.compile(r"[^\W\d_]+")
_QUIET = re.compile(r"[\s.,!~…'’\ufe0f\u200d)(:;-]|[\U0001f3fb-\U0001f3ff]|\^\^|<3")
# A word that could be all of a question or an order is no courtesy by itself.
_ALONE = frozenset("you u so very much many a lot again will do sounds no it got good".split())


def is_only_thanks(text: str) -> bool:
    """Whether a text is nothing but a thank-you, an OK or a nod; never when it asks anything."""
    said = unicodedata.normalize("NFC", text).strip()
    if not said or len(said) > _LONGEST or "?" in said or "？" in said:
        return False
    words = [word.lower() for word in _WORD.findall(said)]
    if any(word not in _KNOWN for word in words):
        return False
    left = _QUIET.sub("", _WORD.sub("", said.replace("<3", "")))
    if any(char not in _NODS for char in left):
        return False
    return bool(left) if not words else bool(left) or any(word not in _ALONE for word in words)
