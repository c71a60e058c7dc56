"""Words in the language of whoever reads them."""

import pytest
from jinja2 import Environment

from smsinbox.core.i18n import (
    PSEUDO,
    _,
    _l,
    _n,
    direction,
    language,
    locale,
    speak,
    speaking,
    teach,
)
from smsinbox.core.pseudo import pseudo

LATER = _l("Sent to %(name)s", name="Вера")


def test_outside_of_everything_english_is_spoken():
    assert (language(), direction()) == ("en", "ltr")
    assert _("Sent to %(name)s: 100%%", name="Bo") == "Sent to Bo: 100%"
    assert [_n("%(num)s text", "%(num)s texts", one) for one in (1, 2)] == ["1 text", "2 texts"]


def test_what_stands_in_a_module_is_looked_up_when_it_is_read():
    with speaking(PSEUDO):
        assert str(LATER) == pseudo("Sent to ")[:-1] + "Вера]"
        assert (direction(), locale().language) == ("rtl", "ar")
    assert str(LATER) == "Sent to Вера"


def test_a_language_that_nobody_knows_is_english():
    speak("tlh")
    assert language() == "en"


def test_the_pseudo_language_keeps_places_tags_and_entities():
    assert pseudo("a %(name)s <b>b</b>&nbsp;%%") == "[å %(name)s <b>ƀ</b>&nbsp;%%]"


@pytest.mark.parametrize(
    "template",
    ["{{ _('Hi %(who)s', who=who) }}", "{% trans who=who %}Hi {{ who }}{% endtrans %}"],
)
def test_what_somebody_wrote_stays_text_inside_a_sentence(template):
    environment = Environment(autoescape=True)
    teach(environment)
    assert environment.from_string(template).render(who="<i>") == "Hi &lt;i&gt;"
