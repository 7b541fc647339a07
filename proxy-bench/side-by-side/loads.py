"""Load on a peer, bounded in time: wrk for HTTP/1 and TLS, h2load for HTTP/2, fortio for gRPC and for fixed rates."""

import json
import os
import re
import resource
import socket
import subprocess
import sys
import time

from peers import pinned

FIGURES = ("p50", "p99", "p99.9")


def closed_loop(work, port, connections, seconds, close=False, to="127.0.0.1", host=None):
    """As many requests as `connections` connections carry in `seconds`; returns (requests, errors)."""
    if work.protocol == "grpc":
        return grpc(work, port, connections, seconds)
    headers = [f"{name}: {value}" for name, value in work.headers().items()] + (["connection: close"] if close else [])
    headers += [f"Host: {host}"] if host else []  # wrk adds its own unless it is written so
    scheme = "https://localhost" if work.protocol == "tls" else f"http://{to}"
    url = f"{scheme}:{port}{work.path()}"
    extra = [part for header in headers for part in ("-H", header)]
    if work.protocol == "h2":
        command = ["h2load", "-t", "1", "-c", str(connections), "-m", "8", "-D", str(seconds)] + extra + [url]
    else:
        command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s"] + extra + [url]
    text = subprocess.run(pinned(work.load_core, work.inside + command), capture_output=True, text=True,
                          timeout=seconds + 120, check=True).stdout
    if work.protocol == "h2":
        found = re.search(r"(\d+) succeeded, (\d+) failed, (\d+) errored", text)
        return int(found.group(1)), int(found.group(2)) + int(found.group(3))
    requests = int(re.search(r"(\d+) requests in", text).group(1))
    errors = sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
    sockets = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    # With "connection: close" wrk counts the end of each connection as an error of reading.
    broken = sum(map(int, sockets.groups())) if sockets and not close else 0
    return requests, errors + broken


def twice(work, port, peak, seconds):
    """Offers twice `peak` requests a second, whatever comes back, by twice as many clients as connections and queue hold
    (h2load's clients all ask at once: more of them would ask seldom, and leave the queue empty in between); returns what
    was offered and admitted a second, percentiles of the admitted and the refused in milliseconds (None for none), and how
    often each status came."""
    clients, log = 2 * sum(work.limits), os.path.join(work.folder, f"twice-{port}.log")
    if os.path.exists(log):
        os.remove(log)  # h2load appends
    headers = [part for name, value in work.headers().items() for part in ("-H", f"{name}: {value}")]
    subprocess.run(pinned(work.load_core, ["h2load", "--h1", "-t", "1", "-c", str(clients), "--rps",
                                           f"{2 * peak / clients:.2f}", "-D", str(seconds), f"--log-file={log}", *headers,
                                           f"http://127.0.0.1:{port}{work.path()}"]),
                   capture_output=True, timeout=seconds + 120, check=True)
    statuses, millis = {}, {True: [], False: []}
    with open(log, encoding="ascii") as lines:
        for line in lines:
            _, status, micros = line.split()[:3]
            statuses[status] = statuses.get(status, 0) + 1
            millis[status == "200"].append(int(micros) / 1000)
    admitted, refused = sorted(millis[True]), sorted(millis[False])
    return {"offered": sum(statuses.values()) / seconds, "admitted": len(admitted) / seconds, "statuses": statuses,
            "p50_ms": percentile(admitted, 0.5), "p99_ms": percentile(admitted, 0.99),
            "refused_p99_ms": percentile(refused, 0.99)}


def percentile(ordered, share):
    return ordered[int(len(ordered) * share)] if ordered else None


def new_connections(work, port, connections, seconds):
    """A connection a request; over TLS by wrk, which resumes sessions."""
    return closed_loop(work, port, connections, seconds, close=True)


def full_handshakes(work, port, connections, seconds):
    """A new TLS session for each request, none resumed (wrk resumes where it gets a ticket); returns (requests, errors)."""
    headers = [part for name, value in work.headers().items() for part in ("-H", f"{name}: {value}")]
    result = fortio(work, ["-qps", "0", "-c", str(min(connections, 16)), "-keepalive=false", "-k", "-t", f"{seconds}s",
                           *headers, f"https://localhost:{port}{work.path()}"], seconds)
    codes = result["RetCodes"]
    good = codes.get("200", 0)
    return good, sum(codes.values()) - good


def grpc(work, port, connections, seconds):
    result = fortio(work, ["-grpc", "-ping", "-qps", "0", "-c", str(min(connections, 8)), "-s", "8", "-t", f"{seconds}s",
                           f"127.0.0.1:{port}"], seconds)
    codes = result["RetCodes"]
    good = codes.get("SERVING", 0) + codes.get("OK", 0)
    return good, sum(codes.values()) - good


def at_rate(work, port, rate, connections, seconds):
    """Latencies at `rate` requests a second, in microseconds, with the count of errors."""
    headers = [part for name, value in work.headers().items() for part in ("-H", f"{name}: {value}")]
    result = fortio(work, ["-qps", str(rate), "-c", str(connections), "-t", f"{seconds}s", "-r", "0.00005", "-p",
                           "50,99,99.9", *headers, f"http://127.0.0.1:{port}{work.path()}"], seconds)
    times = {f"p{entry['Percentile']:g}": entry["Value"] * 1e6 for entry in result["DurationHistogram"]["Percentiles"]}
    errors = sum(count for code, count in result["RetCodes"].items() if code != "200")
    return {figure: round(times[figure]) for figure in FIGURES}, errors


def fortio(work, arguments, seconds):
    command = pinned(work.load_core, ["fortio", "load", "-quiet", "-loglevel", "Error", "-json", "-", *arguments])
    # The same key exchange with every peer: not all of them have the post-quantum one.
    text = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, check=True,
                          env={**os.environ, "GODEBUG": "tlsmlkem=0"}).stdout
    return json.loads(text[text.index("{"):])


def idle_connections(port, count):
    """Opens `count` connections, sends one request on each and returns them, all idle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 200), hard))
    opened = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
        answer = b""
        while b"\r\n\r\n" not in answer:
            chunk = connection.recv(65536)
            if not chunk:
                raise OSError("closed")
            answer += chunk
        length = int(re.search(rb"(?i)content-length: (\d+)", answer).group(1))
        missing = length - len(answer.partition(b"\r\n\r\n")[2])
        while missing > 0:
            missing -= len(connection.recv(missing))
        opened.append(connection)
    return opened


def transfer(work, port, mebibytes, upload):
    """One body of that size through the proxy; returns its seconds."""
    size = mebibytes << 20
    url = f"http://127.0.0.1:{port}/{'up' if upload else 'file'}"
    command = ["curl", "-sS", "--fail", "-o", "/dev/null", "-w", "%{size_upload} %{size_download}", "-H", "Expect:"]
    if work.protocol == "h2":
        command.append("--http2-prior-knowledge")
    if upload:
        command += ["-T", os.path.join(work.folder, "file")]
    begin = time.monotonic()
    text = subprocess.run(pinned(work.load_core, command + [url]), capture_output=True, text=True, timeout=300,
                          check=True).stdout
    seconds = time.monotonic() - begin
    moved = int(float(text.split()[0 if upload else 1]))
    if moved != size:
        raise ValueError(f"{moved} of {size} bytes came through port {port}")
    return seconds


def pieces(work, port, way, size, count):
    """`count` pieces of `size` bytes over one connection, `stream` or `echo`."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pieces.py")
    subprocess.run(pinned(work.load_core, [sys.executable, script, way, str(port), str(size), str(count)]), check=True,
                   timeout=300)
