"""The floor of fan-out: a server that can do nothing but write the same bytes to everybody.

`python -m tests.bench.broadcast <port>`. Whoever asks for /live is a screen from then on; what
somebody posts is answered and then written to all screens, padded to the size of a real change.
"""

import select
import socket
import sys

SIZE = 2048  # bytes, about those of a list's row with its frame
_OPENED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


def serve(port: int) -> None:
    """Serve until killed, on one epoll."""
    everybody: dict[int, socket.socket] = {}
    screens: list[socket.socket] = []
    poller = select.epoll()
    with socket.create_server(("127.0.0.1", port), backlog=2048) as door:
        poller.register(door, select.EPOLLIN)
        while True:
            for handle, _ in poller.poll():
                if handle == door.fileno():
                    made, _ = door.accept()
                    everybody[made.fileno()] = made
                    poller.register(made, select.EPOLLIN)
                elif not _hear(everybody[handle], screens):
                    poller.unregister(handle)
                    everybody.pop(handle).close()


def _hear(sock: socket.socket, screens: list[socket.socket]) -> bool:
    """Whether this connection still lives."""
    said = sock.recv(4096)
    if said.startswith(b"GET /live"):
        sock.sendall(_OPENED)
        screens.append(sock)
    elif said.startswith(b"GET"):
        sock.sendall(_TAKEN)
    elif said.startswith(b"POST"):
        sock.sendall(_TAKEN)
        frame = said.partition(b"\r\n\r\n")[2].ljust(SIZE)
        for screen in screens:
            screen.send(frame)
    return bool(said)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
