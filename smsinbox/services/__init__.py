"""Verbs: every write, one transaction each. They know no HTTP request and no signed-in user."""
