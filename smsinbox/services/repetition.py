"""A batch of programs' requests, some of which were sent before, or come twice at once."""

from collections.abc import Sequence

from smsinbox.dialects import DIALECTS
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.services import idempotency
from smsinbox.services.submission import Submission


def first_ones(batch: Sequence[Submission]) -> list[Submission]:
    """Those that nobody has sent before; the others get their answer, here or by `remember`."""
    leaders = _leaders(batch)
    answers = idempotency.claim([one.once for one in leaders.values() if one.once])
    fresh = []
    for submission in batch:
        once = submission.once
        if once is None:
            fresh.append(submission)
        elif leaders[once.row] is submission:
            match answers.get(once):
                case None:
                    fresh.append(submission)
                case Refusal() as refusal:
                    submission.problem = refusal
                case reply:
                    submission.reply = reply
    return fresh


def remember(batch: Sequence[Submission], fresh: Sequence[Submission]) -> None:
    """Keep what the first ones are answered, and answer those who came with them the same."""
    answers, refused = {}, []
    for submission in fresh:
        if submission.once is None:
            continue
        if submission.taken is None:
            refused.append(submission.once)
        else:
            reply = DIALECTS[submission.dialect].server.answer(submission.taken)
            answers[submission.once] = submission.reply = reply
    idempotency.keep(answers)
    idempotency.free(refused)
    leaders = _leaders(batch)
    for submission in batch:
        if submission.once and leaders[submission.once.row] is not submission:
            _follow(leaders[submission.once.row], submission)


def _leaders(batch: Sequence[Submission]) -> dict[tuple[int, str], Submission]:
    """The first one in the batch with each key."""
    return {one.once.row: one for one in reversed(batch) if one.once}


def _follow(leader: Submission, submission: Submission) -> None:
    assert leader.once is not None
    if submission.once == leader.once:
        submission.message_id, submission.taken = leader.message_id, leader.taken
        submission.reply, submission.problem = leader.reply, leader.problem
    else:
        words = "This Idempotency-Key came with another request at the same time."
        submission.problem = Refusal(Reason.CONFLICT, words, field="Idempotency-Key")
