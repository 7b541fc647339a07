"""Bytes in small pieces over one connection: a server on the ports given, or a client of one port.

    ./pieces.py serve PORT…           # counts what comes until the end, or echoes each piece
    ./pieces.py stream PORT SIZE N    # N pieces of SIZE bytes one way, as fast as they go
    ./pieces.py echo PORT SIZE N      # each piece is answered before the next
"""

import socket
import sys
import threading


def serve(connection):
    buffer = bytearray(1 << 16)
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        echoes = connection.recv(1) == b"e"
        total = 0
        while count := connection.recv_into(buffer):
            total += count
            if echoes:
                connection.sendall(memoryview(buffer)[:count])
        connection.sendall(b"%d" % total if not echoes else b"")


def accept(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def talk(port, size, count, echoes):
    piece = b"x" * size
    buffer = bytearray(size)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"e" if echoes else b"c")
        for _ in range(count):
            connection.sendall(piece)
            missing = size if echoes else 0
            while missing > 0:
                got = connection.recv_into(buffer, missing)
                if got == 0:
                    sys.exit("closed")
                missing -= got
        connection.shutdown(socket.SHUT_WR)
        rest = b""
        while chunk := connection.recv(100):
            rest += chunk
        if not echoes and int(rest) != size * count:
            sys.exit(f"{rest} of {size * count} bytes came through")


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        threads = [threading.Thread(target=accept, args=(socket.create_server(("127.0.0.1", int(port)), backlog=128),))
                   for port in sys.argv[2:]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        talk(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[1] == "echo")
