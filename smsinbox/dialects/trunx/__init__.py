"""Trunx: one JSON call to send, signed webhooks back, problems as RFC 7807 objects."""
