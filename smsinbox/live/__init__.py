"""What each open screen redraws. Sockets carry hints: to the browser what to draw, and
from it who is there and what they see; what is written comes by requests."""

from flask import Flask

from smsinbox.live import socket
from smsinbox.live.tail import Tail


def init_app(app: Flask) -> None:
    """One tail of the log for each process; it sleeps while no screen is open."""
    socket.init_app(app, Tail(app))
