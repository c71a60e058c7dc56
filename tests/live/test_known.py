"""What a tail knows of users outlives the session that it was read in."""

from smsinbox.core.database import db
from smsinbox.live.known import Known


def test_grants_are_known_after_the_session_is_gone(app, number, ben):
    known, granted, id = Known(), {number.id}, ben.id
    assert known.user(id) is not None
    db.session.expire_all()
    db.session.remove()
    user = known.user(id)
    assert user is not None
    assert user.granted == granted
