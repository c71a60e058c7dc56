"""Parts of a page are HTML of ours; what anybody wrote is text in them."""

import pytest
from markupsafe import Markup

from smsinbox.web.fragments import partial, upsert


@pytest.mark.parametrize(
    ("drawn", "there"),
    [("<b>Ana</b>", "&lt;b&gt;Ana&lt;/b&gt;"), (Markup("<b>Ana</b>"), "<b>Ana</b>")],
)
def test_what_is_no_html_yet_is_escaped_and_what_is_stays(drawn, there):
    part = partial("#said", "innerHTML", drawn)
    assert part == f'<hx-partial hx-target="#said" hx-swap="innerHTML">{there}</hx-partial>'
    rows = upsert("#rows", drawn, "desc")
    wanted = f'<hx-upsert hx-target="#rows" key="data-key" sort="desc">{there}</hx-upsert>'
    assert rows == wanted
