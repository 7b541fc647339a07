#!/usr/bin/env python3
"""Side by side: Sluice, Envoy, HAProxy, nginx and HAProxy in TCP mode on the same work, interleaved.

Every proxy is pinned to one core; load generator and backend share another one. CPU per request comes from the proxy's own
clock (utime + stime of /proc/PID/stat over the requests that the load generator counted), so a noisy neighbour moves it
less than wall time. Only ratios within a run count: the machine's speed changes.

    ./run.py                                     # CPU per HTTP/1.1 request, memory, time to the first 200
    ./run.py --protocol h2|grpc|tls              # the same for HTTP/2, gRPC unary calls, TLS towards the client
    ./run.py --measure rules --rules 10000       # the last of many rules against one rule
    ./run.py --measure latency --rate 1000       # percentiles at a fixed rate, warm, and in the first 10 s after the start
    ./run.py --measure start                     # to the first 200, several starts
    ./run.py --measure idle --idle 9500          # memory of idle connections
    ./run.py --measure bulk [--protocol h2]      # one body of 1 GiB each way (HTTP/2: down)
    ./run.py --measure pieces                    # bytes in small pieces, for +tcp peers
    ./run.py --measure handshakes                # full TLS handshakes, a connection a request
    ./run.py --measure resumptions               # the same with sessions that are resumed
    ./run.py --measure connections               # a connection a request without TLS
    ./run.py --measure overload                  # 16 times the connections; twice what an upstream within limits can do
    ./run.py --measure workers                   # CPU per request of two event loops against one
    ./run.py --measure intercept                 # redirected against explicit, in a network namespace of its own: as root
    ./run.py --peers sluice,sluice+policies,sluice+small,sluice+workers2,envoy

Variants of Sluice: +small (--footprint small), +policies (timeout, retries, limits, outlier detection, access log and
admin port on), +workers2 (two event loops on both cores), +tcp (a TCP route; also envoy+tcp).
A peer that is not installed is named and left out. Load goes to loopback only and stops by itself.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile

import intercept
import loads
import peers

# Of the limits that --measure overload sets: connections to the upstream, and requests that wait for one.
LIMITED_CONNECTIONS, LIMITED_QUEUE = 16, 32
NEEDS = {"h1": ["wrk", "nginx"], "tls": ["wrk", "nginx", "openssl"], "h2": ["h2load", "nginx"], "grpc": ["fortio"]}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", choices=sorted(MEASURES), default="cpu")
    parser.add_argument("--protocol", choices=sorted(NEEDS), default="h1", help="on both sides of the proxy; tls: towards the client")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--warmup", type=int, default=8, help="seconds before the first round, for each proxy")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rate", type=int, default=1000, help="requests a second, for --measure latency")
    parser.add_argument("--body", type=int, default=1024, help="bytes of the response")
    parser.add_argument("--rules", type=int, default=1, help="prefix+header rules; requests meet the last")
    parser.add_argument("--idle", type=int, default=9500, help="connections, for --measure idle")
    parser.add_argument("--mebibytes", type=int, default=1024, help="of a body, for --measure bulk")
    parser.add_argument("--peers", default="sluice,envoy,haproxy,nginx,haproxy-tcp")
    parser.add_argument("--proxy-core", default="0", help="core of the proxy")
    parser.add_argument("--load-core", default="1", help="core of load generator and backend")
    parser.add_argument("--java-home", default=os.environ.get("SLUICE_JAVA_HOME", ""))
    parser.add_argument("--json", help="also write the figures to this file")
    parser.add_argument("--markdown", help="also write the table to this file")
    return parser.parse_args()


class Run:
    """What a measure works with: options, the folder of this run, and what it has started."""

    def __init__(self, options, folder):
        self.options, self.folder, self.started, self.next_port = options, folder, [], 19301

    def work(self, **changes):
        options = self.options
        given = {"protocol": options.protocol, "body": options.body, "rules": options.rules,
                 "proxy_core": options.proxy_core, "load_core": options.load_core, "java_home": options.java_home}
        return peers.Work(self.folder, **{**given, **changes})

    def names(self):
        for name in self.options.peers.split(","):
            if peers.installed(name):
                yield name
            else:
                print(f"{name}: not installed, left out", file=sys.stderr)

    def backend(self, work):
        return self.keep(peers.backend(work))

    def start(self, name, work):
        self.next_port += 1
        return self.keep(peers.start(name, work, self.next_port))

    def keep(self, peer):
        self.started.append(peer)
        return peer

    def end(self, peer):
        peer.stop()
        self.started.remove(peer)

    def end_all(self):
        for peer in list(reversed(self.started)):
            self.end(peer)


def turns(rounds, things):
    """Each of `things` once a round, each round beginning with another one."""
    for number in range(rounds):
        yield from things[number % len(things):] + things[:number % len(things)]


def median(values):
    return statistics.median(values)


def spread(values):
    return f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


def against(rows, figure):
    """Ratios of the medians to HAProxy's and Envoy's, where those ran."""
    for row in rows.values():
        for peer in ("haproxy", "envoy"):
            other = rows.get(peer, rows.get(f"{peer}+tcp"))
            if other:
                row[f"vs_{peer}"] = round(median(row[figure]) / median(other[figure]), 3)


def ratio(row, peer):
    return row.get(f"vs_{peer}", "–")


# --- Measures: each returns (rows by peer for JSON, header and lines of the table) ------------------------------------


def cpu(run, load=loads.closed_loop, what="request"):
    options, work = run.options, run.work()
    run.backend(work)
    running = [run.start(name, work) for name in run.names()]
    rows = {}
    for peer in running:
        rows[peer.name] = {"version": peer.version, "idle_mib": round(peer.rss_mib(), 1), "first_200_ms": peer.first_200_ms,
                           "us": [], "rps": [], "errors": 0}
        load(work, peer.port, options.connections, options.warmup)
    for peer in turns(options.rounds, running):
        before = peer.cpu_seconds()
        requests, errors = load(work, peer.port, options.connections, options.seconds)
        row = rows[peer.name]
        row["us"].append((peer.cpu_seconds() - before) * 1e6 / max(1, requests))
        row["rps"].append(requests / options.seconds)
        row["errors"] += errors
    for peer in running:
        rows[peer.name]["loaded_mib"] = round(peer.rss_mib(), 1)
    against(rows, "us")
    header = ["proxy", "version", f"CPU µs per {what} (min–max)", "HAProxy = 1", "Envoy = 1", f"{what}s/s",
              "MiB idle → loaded", "first 200 ms", "errors"]
    return rows, header, [
        [name, row["version"], spread(row["us"]), ratio(row, "haproxy"), ratio(row, "envoy"), f"{median(row['rps']):.0f}",
         f"{row['idle_mib']:.0f} → {row['loaded_mib']:.0f}", row["first_200_ms"] or "–", row["errors"]]
        for name, row in rows.items()]


def handshakes(run):
    run.options.protocol = "tls"
    return cpu(run, loads.full_handshakes, "handshake")


def resumptions(run):
    run.options.protocol = "tls"
    return cpu(run, loads.new_connections, "handshake")


def connections(run):
    return cpu(run, loads.new_connections, "connection")


def rules(run):
    options = run.options
    many = options.rules if options.rules > 1 else 10000
    works = [run.work(rules=1), run.work(rules=many)]
    run.backend(works[0])
    running = [(name, work, run.start(name, work)) for name in run.names() for work in works]
    rows = {}
    for name, work, peer in running:
        row = rows.setdefault(name, {"version": peer.version, "us": {1: [], many: []}, "idle_mib": {}, "first_200_ms": {}})
        row["idle_mib"][work.rules] = round(peer.rss_mib(), 1)
        row["first_200_ms"][work.rules] = peer.first_200_ms
        loads.closed_loop(work, peer.port, options.connections, options.warmup)
    for name, work, peer in turns(options.rounds, running):
        before = peer.cpu_seconds()
        requests, _ = loads.closed_loop(work, peer.port, options.connections, options.seconds)
        rows[name]["us"][work.rules].append((peer.cpu_seconds() - before) * 1e6 / max(1, requests))
    for row in rows.values():
        row["times"] = round(median(row["us"][many]) / median(row["us"][1]), 3)
    header = ["proxy", "version", "µs, 1 rule", f"µs, last of {many}", "times", "idle MiB, 1 rule → many",
              "first 200 ms, 1 rule → many"]
    return rows, header, [
        [name, row["version"], spread(row["us"][1]), spread(row["us"][many]), row["times"],
         f"{row['idle_mib'][1]:.0f} → {row['idle_mib'][many]:.0f}",
         f"{row['first_200_ms'][1]} → {row['first_200_ms'][many]}"] for name, row in rows.items()]


def latency(run):
    """Warm, and in the first 10 s after a start; a start a round, for a single one says what the machine did just then."""
    options, work = run.options, run.work(protocol="h1")
    run.backend(work)
    rows, warm = {}, []
    for name in run.names():
        peer = run.start(name, work)
        rows[name] = {"version": peer.version, "cold": [], "p50": [], "p99": [], "p99.9": [], "errors": 0}
        loads.closed_loop(work, peer.port, options.connections, options.warmup)
        warm.append((name, peer.port))
    rows["direct"] = {"version": "", "cold": [], "p50": [], "p99": [], "p99.9": [], "errors": 0}
    warm.append(("direct", peers.BACKEND_V1))
    for name, port in turns(options.rounds, warm):
        row = rows[name]
        if name != "direct":
            fresh = run.start(name, work)
            times, errors = loads.at_rate(work, fresh.port, options.rate, 16, 10)
            run.end(fresh)
            row["cold"].append(times["p99"])
            row["errors"] += errors
        times, errors = loads.at_rate(work, port, options.rate, 16, options.seconds)
        for figure, value in times.items():
            row[figure].append(value)
        row["errors"] += errors
    direct = rows["direct"]
    header = ["proxy", "version", "p50 µs", "p99 µs", "p99.9 µs", "added p50", "added p99", "first 10 s p99 (min–max)",
              "times warm", "errors"]
    return rows, header, [
        [name, row["version"], f"{median(row['p50']):.0f}", f"{median(row['p99']):.0f}", f"{median(row['p99.9']):.0f}",
         f"{median(row['p50']) - median(direct['p50']):.0f}", f"{median(row['p99']) - median(direct['p99']):.0f}",
         spread(row["cold"]) if row["cold"] else "–",
         round(median(row["cold"]) / median(row["p99"]), 2) if row["cold"] else "–", row["errors"]]
        for name, row in rows.items()]


def start(run):
    work = run.work()
    run.backend(work)
    rows = {}
    names = [name for name in run.names() if "tcp" not in name]  # TCP has no 200
    for name in names:  # builds what is not built, trains what is not trained
        run.end(run.start(name, work))
    for name in turns(max(5, run.options.rounds), names):
        peer = run.start(name, work)
        row = rows.setdefault(name, {"version": peer.version, "first_200_ms": [], "cpu_ms": [], "rss_mib": []})
        row["first_200_ms"].append(peer.first_200_ms)
        row["cpu_ms"].append(peer.cpu_seconds() * 1000)
        row["rss_mib"].append(peer.rss_mib())
        run.end(peer)
    header = ["proxy", "version", "first 200 ms (min–max)", "CPU ms", "MiB"]
    return rows, header, [[name, row["version"], spread(row["first_200_ms"]), f"{median(row['cpu_ms']):.0f}",
                           f"{median(row['rss_mib']):.0f}"] for name, row in rows.items()]


def workers(run):
    """Two event loops against one, where load generator and backend have no cores of their own.

    Throughput would measure the machine. What two loops lose to each other (locks, shared counters, cache lines that travel)
    is CPU time that one loop does not spend, so both run on both cores under the same load, and what counts is CPU per
    request: as many times as it stays the same, two cores carry twice as much.
    """
    options = run.options
    connections = max(256, options.connections)
    work = run.work(proxy_core="0,1", load_core="0,1")
    run.backend(work)
    running = [run.start(name, work) for name in ("sluice", "sluice+workers2")]
    rows = {peer.name: {"version": peer.version, "us": [], "rps": [], "busiest": []} for peer in running}
    for peer in running:
        loads.closed_loop(work, peer.port, connections, options.warmup)
    for peer in turns(options.rounds, running):
        before, loops = peer.cpu_seconds(), peer.worker_seconds()
        requests, _ = loads.closed_loop(work, peer.port, connections, options.seconds)
        spent = [after - earlier for earlier, after in zip(loops, peer.worker_seconds())]
        rows[peer.name]["us"].append((peer.cpu_seconds() - before) * 1e6 / max(1, requests))
        rows[peer.name]["rps"].append(requests / options.seconds)
        rows[peer.name]["busiest"].append(max(spent) / max(0.01, sum(spent)))
    one, two = rows["sluice"], rows["sluice+workers2"]
    two["times"] = round(2 * median(one["us"]) / median(two["us"]), 3)
    header = ["proxy", "version", f"CPU µs per request, {connections} connections", "times one loop, a core each",
              "share of the busiest loop", "requests/s, two cores with everything on them"]
    return rows, header, [[name, row["version"], spread(row["us"]), row.get("times", 1), f"{median(row['busiest']):.2f}",
                           f"{median(row['rps']):.0f}"] for name, row in rows.items()]


def idle(run):
    options, work = run.options, run.work(protocol="h1")
    run.backend(work)
    rows = {}
    for name in run.names():
        if "tcp" in name:
            continue
        peer = run.start(name, work)
        loads.closed_loop(work, peer.port, options.connections, options.warmup)
        before = peer.rss_mib()
        opened = loads.idle_connections(peer.port, options.idle)
        after = peer.rss_mib()
        for connection in opened:
            connection.close()
        run.end(peer)
        rows[name] = {"version": peer.version, "before_mib": round(before, 1), "with_mib": round(after, 1),
                      "kib_each": round((after - before) * 1024 / options.idle, 2)}
    header = ["proxy", "version", "MiB before", f"MiB with {options.idle} idle", "KiB each"]
    return rows, header, [[name, row["version"], row["before_mib"], row["with_mib"], row["kib_each"]]
                          for name, row in rows.items()]


def bulk(run):
    options, work = run.options, run.work(protocol="h2" if run.options.protocol == "h2" else "h1")
    path = work.file("file", "")
    os.truncate(path, options.mebibytes << 20)
    run.keep(peers.file_backend(work, path))
    work.first_200 = False  # a GET is the whole file
    running = [run.start(name, work) for name in run.names()]
    rows = {peer.name: {"version": peer.version, "down_cpu_s": [], "down_s": [], "up_cpu_s": [], "up_s": []}
            for peer in running}
    # nginx answers before it has read an HTTP/2 request's body, and curl takes that for an error.
    ways = [("down", False)] if work.protocol == "h2" else [("down", False), ("up", True)]
    for peer in running:
        for _, upload in ways:
            loads.transfer(work, peer.port, options.mebibytes, upload)
    for peer in turns(options.rounds, running):
        for way, upload in ways:
            before = peer.cpu_seconds()
            rows[peer.name][f"{way}_s"].append(loads.transfer(work, peer.port, options.mebibytes, upload))
            rows[peer.name][f"{way}_cpu_s"].append(peer.cpu_seconds() - before)
    gib = options.mebibytes / 1024
    header = ["proxy", "version", "download GiB/s", "CPU s per GiB", "upload GiB/s", "CPU s per GiB", "MiB after"]
    for peer in running:
        rows[peer.name]["loaded_mib"] = round(peer.rss_mib(), 1)

    def figures(row, way):
        return ([f"{gib / median(row[way + '_s']):.2f}", f"{median(row[way + '_cpu_s']) / gib:.2f}"] if row[way + "_s"]
                else ["–", "–"])

    return rows, header, [[name, row["version"], *figures(row, "down"), *figures(row, "up"), row["loaded_mib"]]
                          for name, row in rows.items()]


def pieces(run):
    options, work = run.options, run.work(protocol="h1")
    server = [sys.executable, os.path.join(peers.HERE, "pieces.py"), "serve", str(peers.BACKEND_V1), str(peers.BACKEND_V2)]
    run.keep(peers.Peer("backend", peers.pinned(work.load_core, server), peers.BACKEND_V1, "",
                        peers.log_of(work, "backend", peers.BACKEND_V1), work))
    running = [run.start(name, work) for name in run.names()]
    counts = {"stream": (options.mebibytes << 20) // 4 // options.body, "echo": 20000 * options.seconds // 5}
    rows = {peer.name: {"version": peer.version, **{way: [] for way in counts}} for peer in running}
    for peer in running:
        for way, count in counts.items():
            loads.pieces(work, peer.port, way, options.body, count)
    for peer in turns(options.rounds, running):
        for way, count in counts.items():
            before = peer.cpu_seconds()
            loads.pieces(work, peer.port, way, options.body, count)
            rows[peer.name][way].append((peer.cpu_seconds() - before) * 1e6 / count)
    for way in counts:
        against(rows, way)
        for row in rows.values():
            row[f"{way}_vs_envoy"] = row.pop("vs_envoy", "–")
            row.pop("vs_haproxy", None)
    header = ["proxy", "version", f"CPU µs per {options.body} B one way", "Envoy = 1", "CPU µs per echo", "Envoy = 1"]
    return rows, header, [[name, row["version"], spread(row["stream"]), row["stream_vs_envoy"], spread(row["echo"]),
                           row["echo_vs_envoy"]] for name, row in rows.items()]


def overload(run):
    """Two kinds. Of the proxy: 16 times the connections must not cost throughput; what the same does to load generator and
    backend alone is told beside it. Of an upstream behind the proxy's limits, whose capacity is known: twice that is offered;
    what is admitted must wait no longer than the queue is, and the upstream must be as busy as without the excess.
    """
    rows = crowd(run)
    behind_limits(run, rows)
    few, many = run.options.connections, run.options.connections * 16
    header = ["proxy", "version", f"requests/s, {few} connections", f"{many} connections", "times", "CPU µs, times", "MiB",
              "turns above 10 ms", "errors", "behind limits: peak/s", "offered/s", "admitted/s", "of the peak",
              "p50, p99 of admitted, ms", "the queue's length, ms", "p99 of refused, ms"]
    return rows, header, [
        [name, row["version"], f"{median(row['rps'][few]):.0f}", f"{median(row['rps'][many]):.0f}",
         round(median(row["rps"][many]) / median(row["rps"][few]), 3),
         f"{median(row['us'][few]):.1f}, {median(row['us'][many]) / median(row['us'][few]):.2f}" if row["us"][few] else "–",
         row["loaded_mib"], f"{sum(row['blocked']):.0f}" if row["blocked"] else "–", row["errors"]]
        + ([f"{median(row['peak']):.0f}", f"{median(row['offered']):.0f}", f"{median(row['admitted']):.0f}",
            round(median(row["of_peak"]), 3), f"{median(row['p50_ms']):.0f}, {median(row['p99_ms']):.0f}",
            f"{median(row['bound_ms']):.0f}", f"{median(row['refused_p99_ms']):.1f}" if row["refused_p99_ms"] else "–"]
           if "peak" in row else ["–"] * 7)
        for name, row in rows.items()]


def crowd(run):
    """16 times the connections, with and without a proxy."""
    options, work = run.options, run.work(protocol="h1", admin=True)
    counts = [options.connections, options.connections * 16]
    run.backend(work)
    running = [(peer.name, peer.port, peer) for peer in
               [run.start(name, work) for name in run.names() if "tcp" not in name]]
    running.append(("direct", peers.BACKEND_V1, None))
    rows = {name: {"version": peer.version if peer else "", "rps": {count: [] for count in counts},
                   "us": {count: [] for count in counts}, "errors": 0, "blocked": []} for name, _, peer in running}
    for _, port, peer in running:
        if peer:
            loads.closed_loop(work, port, options.connections * 4, options.warmup)
    for name, port, peer in turns(options.rounds, running):
        row = rows[name]
        blocked = peer.metric("sluice_event_loop_blocked_total") if peer else None
        for count in counts:
            before = peer.cpu_seconds() if peer else 0
            requests, errors = loads.closed_loop(work, port, count, options.seconds)
            row["rps"][count].append(requests / options.seconds)
            row["errors"] += errors
            if peer:
                row["us"][count].append((peer.cpu_seconds() - before) * 1e6 / max(1, requests))
        if blocked is not None:
            row["blocked"].append(peer.metric("sluice_event_loop_blocked_total") - blocked)
    for name, _, peer in running:
        rows[name]["loaded_mib"] = round(peer.rss_mib(), 1) if peer else "–"
    run.end_all()
    return rows


def behind_limits(run, rows):
    """Twice the capacity of what is behind the proxy's limits; all warm, as what is measured is the queue. Whoever is refused
    waits in no queue: what that takes is the way through client, kernel and proxy, beside which the queue is to be seen."""
    options = run.options
    limited = run.work(protocol="h1", limits=(LIMITED_CONNECTIONS, LIMITED_QUEUE), admin=True)
    run.keep(peers.slow_backend(limited))
    # nginx has no queue.
    running = [run.start(name, limited) for name in rows if name not in ("nginx", "direct")]
    figures = ["peak", "bound_ms", "offered", "admitted", "of_peak", "p50_ms", "p99_ms", "refused_p99_ms"]
    for peer in running:
        rows[peer.name].update({figure: [] for figure in figures}, statuses=[])
        loads.closed_loop(limited, peer.port, LIMITED_CONNECTIONS * 4, options.warmup)
        loads.twice(limited, peer.port, 1000 / peers.SLOW_MILLIS * LIMITED_CONNECTIONS, 2)
    for peer in turns(options.rounds, running):
        row = rows[peer.name]
        peak = loads.closed_loop(limited, peer.port, LIMITED_CONNECTIONS, options.seconds)[0] / options.seconds
        seen = loads.twice(limited, peer.port, peak, options.seconds)
        row["statuses"].append(seen.pop("statuses"))
        seen.update(peak=peak, bound_ms=(LIMITED_CONNECTIONS + LIMITED_QUEUE) / peak * 1000, of_peak=seen["admitted"] / peak)
        for figure, value in seen.items():
            if value is not None:
                row[figure].append(value)


def intercepted(run):
    """The same requests through one proxy, by its explicit listener and redirected to it."""
    options, work = run.options, run.work(protocol="h1")
    namespace = run.keep(intercept.Namespace())
    work.inside, work.first_200 = namespace.inside, False
    run.backend(work)
    namespace.redirect()
    peer = run.keep(intercept.sluice(work))
    ways = {"explicit": ("127.0.0.1", intercept.EXPLICIT), "redirected": (intercept.VIRTUAL, intercept.PORT)}
    rows = {way: {"version": peer.version, "us": [], "user_us": [], "rps": [], "errors": 0} for way in ways}
    for to, port in ways.values():
        loads.closed_loop(work, port, options.connections, options.warmup, to=to, host=intercept.HOST)
    for way in turns(options.rounds, list(ways)):
        to, port = ways[way]
        before = peer.clocks()
        requests, errors = loads.closed_loop(work, port, options.connections, options.seconds, to=to, host=intercept.HOST)
        after = peer.clocks()
        rows[way]["us"].append((sum(after) - sum(before)) * 1e6 / max(1, requests))
        rows[way]["user_us"].append((after[0] - before[0]) * 1e6 / max(1, requests))
        rows[way]["rps"].append(requests / options.seconds)
        rows[way]["errors"] += errors
    for row in rows.values():
        row["times"] = round(median(row["us"]) / median(rows["explicit"]["us"]), 3)
    # What the kernel does for NAT is done in the proxy's name.
    header = ["requests", "version", "CPU µs per request (min–max)", "of that in Sluice", "explicit = 1", "requests/s", "errors"]
    return rows, header, [[way, row["version"], spread(row["us"]), spread(row["user_us"]), row["times"],
                           f"{median(row['rps']):.0f}", row["errors"]]
                          for way, row in rows.items()]


MEASURES = {"cpu": cpu, "handshakes": handshakes, "resumptions": resumptions, "connections": connections, "rules": rules,
            "latency": latency, "start": start, "idle": idle, "bulk": bulk, "pieces": pieces, "overload": overload,
            "workers": workers, "intercept": intercepted}
TOOLS = {"latency": ["fortio", "wrk"], "bulk": ["curl"], "handshakes": ["fortio", "openssl"],
         "resumptions": ["wrk", "openssl"], "connections": ["wrk"],
         "overload": ["h2load", "fortio"], "intercept": ["ip", "setpriv"]}


def table(options, header, lines):
    title = (f"{options.measure}, {options.protocol}, {options.connections} connections, {options.body} B responses, "
             f"{options.rounds} rounds of {options.seconds} s, interleaved; medians")
    marks = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    marks += ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
    return "\n".join([title, "", *marks, "", "repeat: " + " ".join(["proxy-bench/side-by-side/run.py"] + sys.argv[1:]), ""])


def main():
    options = arguments()
    for needed in NEEDS[options.protocol] + TOOLS.get(options.measure, []) + ["taskset"]:
        if not shutil.which(needed):
            sys.exit(f"{needed} is needed (Debian packages wrk, nghttp2-client, nginx, curl, openssl, util-linux; "
                     "go install fortio.org/fortio@v1.66.5)")
    peers.leave_none_behind()
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as folder:
        run = Run(options, folder)
        try:
            rows, header, lines = MEASURES[options.measure](run)
        finally:
            run.end_all()
    text = table(options, header, lines)
    print("\n" + text)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as out:
            out.write(text)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"options": vars(options), "results": rows}, out, indent=2)


if __name__ == "__main__":
    main()
