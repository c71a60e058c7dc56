"""Several pages and several browsers of one user are one state."""

from datetime import timedelta

from smsinbox.core import clock
from smsinbox.models import Availability
from smsinbox.queries import availability as availability_query
from smsinbox.services import availability


def after(seconds: int):
    return clock.at(clock.now() + timedelta(seconds=seconds))


def test_whoever_has_a_page_open_is_there_until_nothing_is_heard_of_them(app, ben, cy):
    availability.note({ben.id: True, cy.id: False})
    assert availability_query.everybody() == {
        ben.id: Availability.ONLINE,
        cy.id: Availability.AWAY,
    }
    with after(51):
        assert availability_query.of(ben.id) is Availability.OFFLINE


def test_a_browser_where_nobody_is_does_not_send_away_who_is_at_another(app, ben):
    availability.note({ben.id: True})
    with after(15):
        availability.note({ben.id: False})
        assert availability_query.of(ben.id) is Availability.ONLINE


def test_whoever_touches_nothing_any_more_is_away_within_a_minute(app, ben):
    availability.note({ben.id: True})
    with after(51):
        availability.note({ben.id: False})
        assert availability_query.of(ben.id) is Availability.AWAY
        availability.note({ben.id: True})
        assert availability_query.of(ben.id) is Availability.ONLINE


def test_nobody_is_no_statement(app, statements):
    with statements() as seen:
        availability.note({})
    assert seen == []
