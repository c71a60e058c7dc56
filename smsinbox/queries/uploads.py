"""The files that a user has brought for texts that are not sent; nobody else sees them."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.upload import Upload
from smsinbox.models.user import User


def of(conversation_id: int, user: User) -> list[Upload]:
    """Those in one conversation, in the order in which they came."""
    query = select(Upload).where(
        Upload.conversation_id == conversation_id, Upload.user_id == user.id
    )
    return list(db.session.scalars(query.order_by(Upload.id)))


def for_viewer(viewer: User, conversation_id: int, upload_id: int) -> Upload:
    """One of them; raises NotFound. Whether the viewer may write there is asked before."""
    upload = db.session.get(Upload, upload_id)
    if upload is None or (upload.user_id, upload.conversation_id) != (viewer.id, conversation_id):
        raise NotFound
    return upload
