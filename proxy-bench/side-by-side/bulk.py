"""An HTTP/1.1 server for bodies of any size, on the ports given: a GET sends the file FILE, a PUT is read and counted.

    ./bulk.py FILE PORT…
"""

import os
import re
import socket
import sys
import threading


def serve(connection, path):
    buffer = bytearray(1 << 20)
    with connection:
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                chunk = connection.recv(65536)
                if not chunk:
                    return
                head += chunk
            head, _, rest = head.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            missing = (int(length.group(1)) if length else 0) - len(rest)
            while missing > 0:
                count = connection.recv_into(buffer, min(missing, len(buffer)))
                if count == 0:
                    return
                missing -= count
            if head.startswith(b"GET"):
                size = os.path.getsize(path)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size)
                with open(path, "rb") as file:
                    connection.sendfile(file)
            else:
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


def accept(listener, path):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, path), daemon=True).start()


if __name__ == "__main__":
    listeners = [socket.create_server(("127.0.0.1", int(port)), backlog=128) for port in sys.argv[2:]]
    threads = [threading.Thread(target=accept, args=(listener, sys.argv[1])) for listener in listeners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
