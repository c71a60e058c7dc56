"""Pages, fragments and the carriers' webhooks: parse, call once, answer."""

from flask import Flask

from smsinbox.web import (
    access,
    account_setup,
    accounts,
    activities,
    attributes,
    blocking,
    calendars,
    callbacks,
    consent,
    contacts,
    content_rules,
    conversations,
    filters,
    headers,
    health,
    keys,
    media,
    messages,
    notifications,
    numbers,
    opt_outs,
    paired_numbers,
    people,
    problems,
    pushes,
    quarantine,
    replies,
    rule_tries,
    rules,
    search,
    session,
    standing,
    transcripts,
    transfers,
    users,
    webhooks,
    why,
    you,
)

BLUEPRINTS = (
    webhooks.door,
    health.pages,
    session.pages,
    conversations.pages,
    standing.pages,
    replies.pages,
    messages.pages,
    media.pages,
    contacts.pages,
    blocking.pages,
    search.pages,
    people.pages,
    attributes.pages,
    transfers.pages,
    transcripts.pages,
    rules.pages,
    rule_tries.pages,
    why.pages,
    activities.pages,
    accounts.pages,
    account_setup.pages,
    notifications.pages,
    numbers.pages,
    users.pages,
    you.pages,
    pushes.pages,
    keys.pages,
    content_rules.pages,
    calendars.pages,
    consent.pages,
    opt_outs.pages,
    paired_numbers.pages,
    callbacks.pages,
    quarantine.pages,
)


def init_app(app: Flask) -> None:
    """What every page stands on."""
    access.init_app(app)
    filters.init_app(app)
    headers.init_app(app)
    problems.init_app(app)
