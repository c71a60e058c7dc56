"""A rule's reply and notes with the merge fields filled in."""

from collections.abc import Iterator, Mapping

from smsinbox.rules import fields, moments
from smsinbox.rules.actions import LONGEST_NOTE, Note
from smsinbox.rules.conditions import calendar_of, zone_of
from smsinbox.rules.decision import Mode, Planned
from smsinbox.rules.definition import Definition
from smsinbox.rules.facts import Contact, Facts
from smsinbox.rules.rulebook import Rule


def values(wanted: Definition, facts: Facts) -> dict[str, str]:
    """What each merge field says at this moment to this contact."""
    local = facts.at.astimezone(zone_of(wanted, facts))
    return {
        **people_values(facts.contact),
        "number.name": facts.number.name,
        "agent.first_name": first_name(facts.conversation.assignee),
        "calendar.opens": _opens(wanted, facts),
        "date": moments.day_of(local),
        "time": moments.clock_of(local),
    }


def people_values(contact: Contact) -> Mapping[str, str]:
    """The fields about a contact: `fields.longest` takes these of many."""
    attributes = {f"contact.attr.{name}": value for name, value in contact.attributes.items()}
    return {
        "contact.first_name": first_name(contact.name),
        "contact.name": contact.name,
        **attributes,
    }


def first_name(name: str) -> str:
    return name.split()[0] if name.strip() else ""


def rendered(wanted: Definition, facts: Facts) -> fields.Rendered:
    """The reply for this contact: a special day's own text, else the one in their language."""
    template = wanted.reply_in(facts.contact.language)
    hours = calendar_of(wanted, facts)
    if hours and wanted.when.hours != "always":
        template = hours.state(facts.at).text or template
    return fields.render(template, values(wanted, facts))


def planned(rule: Rule, facts: Facts) -> Iterator[Planned]:
    """What the rule does beside replying."""
    for index, action in enumerate(rule.definition.actions):
        if isinstance(action, Note):
            text = fields.render(action.text, values(rule.definition, facts)).text
            action = Note(do="note", text=text.strip()[:LONGEST_NOTE] or action.text)
        yield Planned(rule.id, index, action, rule.mode is Mode.SHADOW)


def _opens(wanted: Definition, facts: Facts) -> str:
    hours = calendar_of(wanted, facts)
    opening = hours.opens(facts.at) if hours else None
    return moments.ahead(opening, facts.at, hours.zone) if hours and opening else ""
