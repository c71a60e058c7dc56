"""The carriers' own send APIs, served by us: programs written for a carrier talk to us instead."""

from smsinbox.gateway import managing, sending

BLUEPRINTS = (sending.door("trunx"), *managing.BLUEPRINTS)
