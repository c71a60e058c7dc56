"""Our JSON API, /api/v1: what programs read, and how they answer. `wire.py` shows its shapes."""

from smsinbox.api import conversations, messages, numbers, rules

BLUEPRINTS = (numbers.pages, conversations.pages, messages.pages, rules.pages)
