#!/usr/bin/env python3
"""Side by side: Sluice, Envoy, HAProxy, nginx and HAProxy in TCP mode on the same work, interleaved.

Every proxy is pinned to one core; load generator and backend (an nginx that answers BODY bytes) share another one. CPU per
request comes from the proxy's own clock (utime + stime of /proc/PID/stat over the requests that the load generator counted),
so a noisy neighbour moves it less than wall time. Only ratios within a run count: the machine's speed changes.

    ./run.py                               # HTTP/1.1, 3 rounds of 5 s
    ./run.py --protocol h2 --rounds 5 --seconds 10 --json out.json

A peer that is not installed is named and left out. Load goes to loopback only and stops by itself.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TICKS = os.sysconf("SC_CLK_TCK")
BACKEND_V1, BACKEND_V2 = 19201, 19202


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--protocol", choices=["h1", "h2"], default="h1", help="on both sides of the proxy")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--warmup", type=int, default=5, help="seconds before the first round, for each proxy")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--body", type=int, default=1024, help="bytes of the response")
    parser.add_argument("--peers", default="sluice,envoy,haproxy,nginx,haproxy-tcp")
    parser.add_argument("--proxy-core", default="0", help="core of the proxy")
    parser.add_argument("--load-core", default="1", help="core of load generator and backend")
    parser.add_argument("--java-home", default=os.environ.get("SLUICE_JAVA_HOME", ""))
    parser.add_argument("--json", help="also write the figures to this file")
    return parser.parse_args()


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


class Peer:
    """A started proxy: its processes (children included) and its port."""

    def __init__(self, name, command, port, version, log, env=None):
        self.name, self.port, self.version = name, port, version
        self.log = open(log, "wb")
        start = time.monotonic()
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=env, start_new_session=True)
        wait_for(port, self.process, name, log)
        self.ready_ms = round((time.monotonic() - start) * 1000)

    def pids(self):
        found, queue = [], [self.process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
                        queue += [int(child) for child in children.read().split()]
            except OSError:
                pass
        return found

    def cpu_seconds(self):
        total = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return total / TICKS

    def rss_mib(self):
        total = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/status", encoding="ascii") as status:
                    total += sum(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
            except OSError:
                pass
        return total / 1024

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            self.process.kill()
        self.log.close()


def wait_for(port, process, name, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"{name} ended with {process.returncode}, see {log}:\n" + open(log, errors="replace").read()[-2000:])
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=0.2):
                return
        except OSError:
            time.sleep(0.01)
    sys.exit(f"{name} does not listen on {port} after 60 s, see {log}")


def version(command, pattern):
    try:
        text = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        found = re.search(pattern, text.stdout + text.stderr)
        return found.group(1) if found else "?"
    except OSError:
        return "?"


def pinned(core, command):
    return ["taskset", "-c", core] + command


def backend(folder, options):
    body = "x" * options.body
    http2 = " http2" if options.protocol == "h2" else ""
    servers = "".join(
        f"server {{ listen 127.0.0.1:{port}{http2} backlog=4096; location / {{ return 200 '{body}'; }} }}\n"
        for port in (BACKEND_V1, BACKEND_V2))
    conf = write(folder, "backend.conf", f"""
daemon off; worker_processes 1; pid {folder}/backend.pid; error_log {folder}/backend.err;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 100000000; keepalive_timeout 3600s; default_type text/plain;
{servers} }}""")
    return Peer("backend", pinned(options.load_core, ["nginx", "-c", conf, "-p", folder]), BACKEND_V1, "",
                os.path.join(folder, "backend.log"))


def sluice(folder, options, port):
    protocol = "HTTP2" if options.protocol == "h2" else "HTTP"
    config = os.path.join(folder, "sluice")
    os.makedirs(config)
    write(config, "bench.yaml", f"""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: bench}}
spec:
  servers:
  - port: {{number: {port}, name: http, protocol: {protocol}}}
    bind: 127.0.0.1
    hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: bench}}
spec:
  hosts: ["*"]
  gateways: [bench]
  http:
  - match: [{{headers: {{end-user: {{exact: jason}}}}}}]
    route: [{{destination: {{host: backend.bench, subset: v2}}}}]
  - route:
    - destination: {{host: backend.bench, subset: v1}}
      weight: 75
    - destination: {{host: backend.bench, subset: v2}}
      weight: 25
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: bench}}
spec:
  host: backend.bench
  subsets: [{{name: v1, labels: {{version: v1}}}}, {{name: v2, labels: {{version: v2}}}}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: bench}}
spec:
  hosts: [backend.bench]
  resolution: STATIC
  ports: [{{number: 80, name: http, protocol: {protocol}}}]
  endpoints:
  - {{address: 127.0.0.1, ports: {{http: {BACKEND_V1}}}, labels: {{version: v1}}}}
  - {{address: 127.0.0.1, ports: {{http: {BACKEND_V2}}}, labels: {{version: v2}}}}
""")
    env = dict(os.environ)
    if options.java_home:
        env["SLUICE_JAVA_HOME"] = options.java_home
    command = [os.path.join(ROOT, "sluice"), "run", "--workers", "1", "--admin", "off", "--access-log", "off", config]
    return Peer("sluice", pinned(options.proxy_core, command), port,
                version([os.path.join(ROOT, "sluice"), "version"], r"sluice (\S+, JDK [^,]+)"),
                os.path.join(folder, "sluice.log"), env)


def envoy(folder, options, port):
    def cluster(name, backend_port):
        return {
            "name": name, "type": "STATIC", "connect_timeout": "1s", "lb_policy": "LEAST_REQUEST",
            "circuit_breakers": {"thresholds": [{"max_connections": 100000, "max_pending_requests": 100000,
                                                 "max_requests": 100000, "max_retries": 100000}]},
            "typed_extension_protocol_options": {
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                    "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                    "explicit_http_config":
                        {"http2_protocol_options": {}} if options.protocol == "h2" else {"http_protocol_options": {}}}},
            "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {
                "socket_address": {"address": "127.0.0.1", "port_value": backend_port}}}}]}]}}
    weighted = {"clusters": [{"name": "v1", "weight": 75}, {"name": "v2", "weight": 25}]}
    header = [{"name": "end-user", "string_match": {"exact": "jason"}}]
    config = {
        "static_resources": {
            "listeners": [{
                "name": "bench", "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
                "filter_chains": [{"filters": [{
                    "name": "hcm", "typed_config": {
                        "@type": "type.googleapis.com/envoy.extensions.filters.network"
                                 ".http_connection_manager.v3.HttpConnectionManager",
                        "stat_prefix": "bench", "codec_type": "AUTO", "use_remote_address": True,
                        "normalize_path": True, "generate_request_id": True,
                        "http_filters": [{"name": "router", "typed_config": {
                            "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}],
                        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                            {"match": {"prefix": "/", "headers": header}, "route": {"cluster": "v2", "timeout": "0s"}},
                            {"match": {"prefix": "/"}, "route": {"weighted_clusters": weighted, "timeout": "0s"}}]}]}
                    }}]}]}],
            "clusters": [cluster("v1", BACKEND_V1), cluster("v2", BACKEND_V2)]}}
    conf = write(folder, "envoy.json", json.dumps(config))
    command = ["envoy", "-c", conf, "--concurrency", "1", "--disable-hot-restart", "-l", "warning"]
    return Peer("envoy", pinned(options.proxy_core, command), port, version(["envoy", "--version"], r"[0-9a-f]{40}/(\d+\.\d+\.\d+)"),
                os.path.join(folder, "envoy.log"))


def haproxy(folder, options, port, tcp=False):
    proto = " proto h2" if options.protocol == "h2" and not tcp else ""
    rule = "" if tcp else "  use_backend v2 if { req.hdr(end-user) -m str jason }\n"
    def back(name, servers):
        return f"backend {name}\n" + "".join(f"  server {s} 127.0.0.1:{p}{proto} weight {w}\n" for s, p, w in servers)
    conf = write(folder, "haproxy-tcp.cfg" if tcp else "haproxy.cfg", f"""
global
  nbthread 1
  maxconn 4000
defaults
  mode {"tcp" if tcp else "http"}
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  {"" if tcp else "http-reuse always"}
frontend bench
  bind 127.0.0.1:{port}{proto}
{rule}  default_backend split
{back("split", [("v1", BACKEND_V1, 75), ("v2", BACKEND_V2, 25)])}
{back("v2", [("v2", BACKEND_V2, 1)])}
""")
    name = "haproxy-tcp" if tcp else "haproxy"
    return Peer(name, pinned(options.proxy_core, ["haproxy", "-db", "-f", conf]), port,
                version(["haproxy", "-v"], r"version (\d+\.\d+\.\d+)"), os.path.join(folder, name + ".log"))


def nginx(folder, options, port):
    http2 = " http2" if options.protocol == "h2" else ""
    conf = write(folder, "nginx.conf", f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 100000000; keepalive_timeout 3600s;
upstream split {{ server 127.0.0.1:{BACKEND_V1} weight=75; server 127.0.0.1:{BACKEND_V2} weight=25; keepalive 256;
  keepalive_requests 100000000; }}
upstream v2 {{ server 127.0.0.1:{BACKEND_V2}; keepalive 256; keepalive_requests 100000000; }}
map $http_end_user $pool {{ default split; jason v2; }}
server {{ listen 127.0.0.1:{port}{http2} backlog=4096; location / {{ proxy_http_version 1.1;
  proxy_set_header Connection ""; proxy_pass http://$pool; }} }} }}""")
    return Peer("nginx", pinned(options.proxy_core, ["nginx", "-c", conf, "-p", folder]), port,
                version(["nginx", "-v"], r"nginx/(\S+)"), os.path.join(folder, "nginx.log"))


STARTERS = {
    "sluice": (sluice, os.path.join(ROOT, "sluice")),
    "envoy": (envoy, "envoy"),
    "haproxy": (haproxy, "haproxy"),
    "nginx": (nginx, "nginx"),
    "haproxy-tcp": (lambda folder, options, port: haproxy(folder, options, port, tcp=True), "haproxy"),
}


def load(options, port, seconds):
    """One load; returns (requests, errors)."""
    url = f"http://127.0.0.1:{port}/"
    connections = str(options.connections)
    if options.protocol == "h1":
        command = ["wrk", "-t", "1", "-c", connections, "-d", f"{seconds}s", url]
    else:
        command = ["h2load", "-t", "1", "-c", connections, "-m", "8", "-D", str(seconds), url]
    text = subprocess.run(pinned(options.load_core, command), capture_output=True, text=True,
                          timeout=seconds + 60, check=True).stdout
    if options.protocol == "h1":
        requests = int(re.search(r"(\d+) requests in", text).group(1))
        errors = sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
        sockets = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
        return requests, errors + (sum(map(int, sockets.groups())) if sockets else 0)
    found = re.search(r"(\d+) succeeded, (\d+) failed, (\d+) errored", text)
    return int(found.group(1)), int(found.group(2)) + int(found.group(3))


def main():
    options = arguments()
    tool = "wrk" if options.protocol == "h1" else "h2load"
    for needed in (tool, "nginx", "taskset"):
        if not shutil.which(needed):
            sys.exit(f"{needed} is needed (Debian packages wrk, nghttp2-client, nginx, util-linux)")
    results = {}
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as folder:
        started = [backend(folder, options)]
        try:
            peers = []
            for number, name in enumerate(options.peers.split(",")):
                starter, binary = STARTERS[name]
                if not shutil.which(binary):
                    print(f"{name}: not installed, left out", file=sys.stderr)
                    continue
                peer = starter(folder, options, 19301 + number)
                started.append(peer)
                peers.append(peer)
            for peer in peers:
                results[peer.name] = {"version": peer.version, "idle_mib": round(peer.rss_mib(), 1),
                                      "ready_ms": peer.ready_ms, "us": [], "rps": [], "errors": 0}
                load(options, peer.port, options.warmup)
            for round_number in range(options.rounds):
                for peer in peers[round_number % len(peers):] + peers[:round_number % len(peers)]:
                    before = peer.cpu_seconds()
                    requests, errors = load(options, peer.port, options.seconds)
                    used = peer.cpu_seconds() - before
                    row = results[peer.name]
                    row["us"].append(used * 1e6 / max(1, requests))
                    row["rps"].append(requests / options.seconds)
                    row["errors"] += errors
            for peer in peers:
                results[peer.name]["loaded_mib"] = round(peer.rss_mib(), 1)
        finally:
            for peer in reversed(started):
                peer.stop()
    report(options, results)


def report(options, results):
    base = statistics.median(results["haproxy"]["us"]) if "haproxy" in results else None
    envoy_us = statistics.median(results["envoy"]["us"]) if "envoy" in results else None
    print(f"\n{options.protocol}, {options.connections} connections, {options.body} B responses, "
          f"{options.rounds} rounds of {options.seconds} s, interleaved; medians\n")
    print("| proxy | version | CPU µs per request (min–max) | HAProxy = 1 | Envoy = 1 | requests/s | MiB idle → loaded | "
          "ready ms | errors |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, row in results.items():
        middle = statistics.median(row["us"])
        row["us_median"] = round(middle, 2)
        row["vs_haproxy"] = round(middle / base, 3) if base else None
        row["vs_envoy"] = round(middle / envoy_us, 3) if envoy_us else None
        print(f"| {name} | {row['version']} | {middle:.1f} ({min(row['us']):.1f}–{max(row['us']):.1f}) "
              f"| {row['vs_haproxy'] or '–'} | {row['vs_envoy'] or '–'} | {statistics.median(row['rps']):.0f} "
              f"| {row['idle_mib']} → {row['loaded_mib']} | {row['ready_ms']} | {row['errors']} |")
    print("\nrepeat: " + " ".join(["./run.py"] + sys.argv[1:]))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"options": vars(options), "results": results}, out, indent=2)


if __name__ == "__main__":
    main()
