"""Who opted out: the list, in and out as a file, a contact's history, and opting out by hand."""

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid, NotFound
from smsinbox.core.i18n import _, _l, _n
from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries import messages as messages_query
from smsinbox.queries import opt_outs as opt_outs_query
from smsinbox.services import opt_out_files, opt_outs
from smsinbox.services.opt_out_files import LARGEST, Plan
from smsinbox.web.access import administrators, must_answer, viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("opt_outs", __name__)

FILE = "import"
SOURCES = {
    "word": _l("They texted it"),
    "carrier": _l("The carrier told us"),
    "user": _l("A colleague noted it"),
    "import": _l("From a file"),
    "rule": _l("A rule did it"),
    "erased": _l("Known from before they were erased"),
}
_IN_OTHER_WORDS = "They asked in their own words."


@pages.get("/opt-outs")
@administrators
def listed() -> Response:
    """The newest first; ?search= finds some, ?before= goes on."""
    return _list(None)


@pages.get("/opt-outs.csv")
@administrators
def export() -> Response:
    """All of them, as a file."""
    disposition = {"Content-Disposition": 'attachment; filename="opt-outs.csv"'}
    answer = Response(opt_out_files.as_csv(), 200, disposition, content_type="text/csv")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/opt-outs/import")
@administrators
def bring_in() -> Response:
    """First only what the file would do; with `sure`, it is done."""
    text, form = _text(), Form(FILE, {"file": ""})
    try:
        if len(text.encode()) > LARGEST:
            raise Invalid(
                _(
                    "Use a file of at most %(largest)s kB; divide this one.",
                    largest=LARGEST // 1000,
                ),
                "file",
            )
        if request.form.get("sure"):
            new = opt_out_files.bring_in(text, viewer())
            return back(_n("%(num)s opted out.", "%(num)s opted out.", new), "opt_outs.listed")
        return _list(None, opt_out_files.plan(text), text)
    except (Invalid, Conflict) as problem:
        return _list(form.refused(problem))


@pages.post("/opt-outs/<int:opt_out_id>/lift")
@administrators
def lift(opt_out_id: int) -> Response:
    """Text them again, for the reason that is given."""
    contact_id = opt_outs_query.found(opt_out_id).contact_id
    form = typed(f"lift-{opt_out_id}", "reason")
    try:
        opt_outs.lift(opt_out_id, form.text("reason"), viewer())
    except (Invalid, Conflict) as problem:
        return _history(contact_id, form.refused(problem))
    return back(_("They can be texted again."), "opt_outs.history", contact_id=contact_id)


@pages.get("/contacts/<int:contact_id>/consent")
def history(contact_id: int) -> Response:
    """All that was ever said about a contact's consent; for those who may see the contact."""
    return _history(contact_id, None)


@pages.post("/contacts/<int:contact_id>/opt-out")
def opt_out_contact(contact_id: int) -> Response:
    """By hand, for one of our numbers, or as far as the setting says, with a reason."""
    form = typed("opt-out", "conversation_id", "reason")
    conversation = conversations_query.for_viewer(
        viewer(), whole(form.text("conversation_id")) or 0
    )
    if conversation.contact_id != contact_id:
        raise NotFound
    must_answer(conversation.number_id)
    try:
        opt_outs.opt_out(conversation.id, form.text("reason"), by=viewer())
    except (Invalid, Conflict) as problem:
        return _history(contact_id, form.refused(problem))
    return back(_("They are texted no more."), "opt_outs.history", contact_id=contact_id)


@pages.post("/conversations/<int:conversation_id>/opt-out")
def opt_out(conversation_id: int) -> Markup:
    """From the thread's banner: yes, that is what they asked for."""
    conversation = _answerable(conversation_id)
    return _banner(opt_outs.opt_out(conversation.id, _IN_OTHER_WORDS, by=viewer()))


@pages.post("/conversations/<int:conversation_id>/dismiss-refusal")
def dismiss(conversation_id: int) -> Markup:
    """From the thread's banner: no, they did not mean it."""
    return _banner(opt_outs.dismiss(_answerable(conversation_id).id, by=viewer()))


def _answerable(conversation_id: int) -> Conversation:
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    must_answer(conversation.number_id)
    return conversation


def _banner(conversation: Conversation) -> Markup:
    opt_out = messages_query.opted_out(conversation)
    return fragment("conversations/consent", conversation=conversation, opt_out=opt_out)


def _text() -> str:
    """The file that was chosen, or what the first look at it has handed back."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return request.form.get("csv", "")
    try:
        return file.stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""  # refused as a file without columns


def _list(form: Form | None, plan: Plan | None = None, text: str = "") -> Response:
    search = request.args.get("search", "")
    return page(
        "opt_outs/list.html",
        "opt-outs",
        form,
        found=opt_outs_query.listed(search, whole(request.args.get("before"))),
        count=opt_outs_query.count(),
        search=search,
        sources=SOURCES,
        plan=plan,
        text=text,
    )


def _history(contact_id: int, form: Form | None) -> Response:
    found = conversations_query.history(viewer(), contact_id)
    theirs = [row for row in found if row.contact_id == contact_id]  # consent is a phone's own
    is_admin = can(viewer(), Permission.ADMINISTER)
    contact = opt_outs_query.contact(contact_id)
    if not (theirs or is_admin):
        raise NotFound
    standing = opt_outs_query.of_contact(contact_id, viewer())
    events = opt_outs_query.history(contact_id, viewer())
    reached = {one.number_id for one in standing}
    return page(
        "opt_outs/history.html",
        "opt-outs",
        form,
        contact=contact,
        standing=standing,
        events=events,
        elsewhere=opt_outs_query.said_elsewhere(events, viewer()),
        conversations=theirs,
        asked=[
            row
            for row in theirs
            if can(viewer(), Permission.ANSWER, row.number_id)
            and not reached & {None, row.number_id}
        ],
        is_admin=is_admin,
        sources=SOURCES,
    )
