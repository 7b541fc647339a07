"""The proxies under test: how each is configured for the same work, started, watched and ended.

A peer is one started proxy of a kind (`sluice`, `envoy`, `haproxy`, `nginx`, `haproxy-tcp`) with a variant, written as
`sluice+small+policies`. Each file of configuration is made here, so that what is compared can be read in one place.
"""

import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TICKS = os.sysconf("SC_CLK_TCK")
BACKEND_V1, BACKEND_V2, GRPC_BACKEND, FILE_BACKEND = 19201, 19202, 19203, 19204
BINARY = {"sluice": os.path.join(ROOT, "sluice"), "envoy": "envoy", "haproxy": "haproxy", "nginx": "nginx",
          "haproxy-tcp": "haproxy"}
SLOW_MILLIS = 10  # that a backend behind limits takes for an answer
VARIANTS = {"small", "policies", "workers2", "tcp"}


def leave_none_behind():
    """Whoever ends a measurement early, as timeout(1) does, ends it as by an error: what ends the peers still runs."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


class Work:
    """What the proxies are to do: protocol `h1`, `h2`, `grpc` or `tls`, bytes of an answer, number of rules."""

    def __init__(self, folder, protocol="h1", body=1024, rules=1, proxy_core="0", load_core="1", java_home="", limits=None,
                 admin=False):
        """`limits`: connections to the upstream and requests that wait for one; `admin`: Sluice tells its metrics."""
        self.limits, self.admin = limits, admin
        self.folder, self.protocol, self.body, self.rules = folder, protocol, body, rules
        self.proxy_core, self.load_core, self.java_home = proxy_core, load_core, java_home
        self.first_200 = True  # whether a start lasts until the first 200, or until the port takes connections
        self.inside = []  # what runs a command in a network namespace, where peers and load are in one

    def http2(self):
        return self.protocol in ("h2", "grpc")

    def backends(self):
        return (GRPC_BACKEND, GRPC_BACKEND) if self.protocol == "grpc" else (BACKEND_V1, BACKEND_V2)

    def path(self):
        if self.limits:
            return f"/?delay={SLOW_MILLIS}ms&size=1024"
        return "/" if self.rules == 1 else f"/r{self.rules - 1}/x"

    def headers(self):
        if self.limits:
            return {"end-user": "jason"}  # all to one destination, whose limits they are
        return {} if self.rules == 1 else {"end-user": f"u{self.rules - 1}"}

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def certificate(self):
        """A self-signed pair of P-256, made once a run; returns its folder."""
        folder = os.path.join(self.folder, "certs", "bench")
        if not os.path.isdir(folder):
            os.makedirs(folder)
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-keyout", f"{folder}/tls.key", "-out", f"{folder}/tls.crt", "-days", "2", "-subj",
                            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
            with open(f"{folder}/both.pem", "w", encoding="ascii") as both:
                both.write(open(f"{folder}/tls.crt", encoding="ascii").read())
                both.write(open(f"{folder}/tls.key", encoding="ascii").read())
        return folder


class Peer:
    """A started proxy: its processes (children included) and its port."""

    def __init__(self, name, command, port, version, log, work, env=None):
        self.name, self.port, self.version, self.work = name, port, version, work
        self.log_file = log
        self.log = open(log, "wb")
        start = time.monotonic()
        self.process = subprocess.Popen(work.inside + command, stdout=self.log, stderr=self.log, env=env, start_new_session=True)
        self.first_200_ms = None
        self.metrics_port = None
        self._wait(start)

    def _wait(self, start):
        """Until the port takes connections and, for HTTP/1 and TLS, until the first 200 came through."""
        asks = (self.work.first_200 and self.work.protocol in ("h1", "tls") and self.name != "backend"
                and "tcp" not in self.name)
        deadline = start + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                sys.exit(f"{self.name} ended with {self.process.returncode}, see {self.log_file}:\n"
                         + open(self.log_file, errors="replace").read()[-2000:])
            try:
                if not asks:
                    self._connect()
                    self.first_200_ms = None
                    return
                if self._status() == 200:
                    self.first_200_ms = round((time.monotonic() - start) * 1000)
                    return
            except (OSError, http.client.HTTPException, subprocess.CalledProcessError):
                pass
            time.sleep(0.005)
        sys.exit(f"{self.name} does not answer on {self.port} after 120 s, see {self.log_file}")

    def _connect(self):
        if self.work.inside:
            subprocess.run(self.work.inside + ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{self.port}"], check=True,
                           capture_output=True)
        else:
            socket.create_connection(("127.0.0.1", self.port), timeout=0.2).close()

    def _status(self):
        if self.work.protocol == "tls":
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            connection = http.client.HTTPSConnection("localhost", self.port, timeout=2, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", self.work.path(), headers=self.work.headers())
            return connection.getresponse().status
        finally:
            connection.close()

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
                pass  # a process that has just ended has neither
        return found

    def cpu_seconds(self):
        return sum(self.clocks())

    def clocks(self):
        """Seconds of its own code, and seconds that the kernel worked in its name."""
        user = system = 0
        for pid in self.pids():
            try:
                of_one = clocks(f"/proc/{pid}")
                user += of_one[0]
                system += of_one[1]
            except OSError:
                pass  # it has just ended
        return user, system

    def worker_seconds(self):
        """CPU seconds of each event loop of Sluice."""
        found = []
        for pid in self.pids():
            for task in sorted(os.listdir(f"/proc/{pid}/task"), key=int):
                thread = f"/proc/{pid}/task/{task}"
                with open(f"{thread}/comm", encoding="ascii") as comm:
                    if comm.read().startswith("sluice-worker"):
                        found.append(sum(clocks(thread)))
        return found

    def metric(self, name):
        """The sum of a metric of Sluice's, over its labels; None where nothing tells metrics."""
        if not self.metrics_port:
            return None
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=10)
        try:
            connection.request("GET", "/stats/prometheus")
            text = connection.getresponse().read().decode()
        finally:
            connection.close()
        return sum(float(line.split()[-1]) for line in text.splitlines() if re.match(name + r"[ {]", line))

    def rss_mib(self):
        total = 0
        for pid in self.pids():
            try:
                total += rss_kib(pid)
            except OSError:
                pass  # it has just ended
        return total / 1024

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        except ProcessLookupError:
            pass
        self.log.close()


def clocks(folder):
    """Seconds of its own code, and seconds that the kernel worked in its name, of a process or thread in `/proc`."""
    with open(f"{folder}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) / TICKS, int(fields[12]) / TICKS


def rss_kib(pid):
    """What is resident of a process; 0 where it has ended and nobody has asked how."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return sum(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def installed(name):
    return shutil.which(BINARY[name.split("+")[0]]) is not None


def start(name, work, port):
    """Starts the peer `name`, such as `envoy` or `sluice+small`, on 127.0.0.1:port."""
    kind, _, rest = name.partition("+")
    variant = set(rest.split("+")) if rest else set()
    if kind not in STARTERS or not variant <= VARIANTS:
        sys.exit(f"no such peer: {name} (kinds: {', '.join(STARTERS)}; variants: {', '.join(sorted(VARIANTS))})")
    return STARTERS[kind](name, variant, work, port)


def version(command, pattern, env=None):
    try:
        text = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=env)
        found = re.search(pattern, text.stdout + text.stderr)
        return found.group(1) if found else "?"
    except OSError:
        return "?"


def pinned(core, command):
    return ["taskset", "-c", core] + command


def log_of(work, name, port):
    return os.path.join(work.folder, f"{name}-{port}.log")


def backend(work):
    """An nginx that answers `body` bytes on two ports, or fortio's gRPC server."""
    if work.protocol == "grpc":
        plain = Work(work.folder, "grpc")
        return Peer("backend", pinned(work.load_core, [
            "fortio", "server", "-grpc-port", f"127.0.0.1:{GRPC_BACKEND}", "-http-port", "disabled", "-redirect-port",
            "disabled", "-tcp-port", "disabled", "-udp-port", "disabled", "-loglevel", "Error"]),
            GRPC_BACKEND, "", log_of(work, "backend", GRPC_BACKEND), plain)
    answer = f"return 200 '{'x' * work.body}';"
    if work.body > 2048:  # nginx takes no longer parameter
        os.chmod(work.folder, 0o755)  # it reads files as another user
        work.file("body", "x" * work.body)
        answer = f"root {work.folder}; try_files /body =500; open_file_cache max=1;"
    http2 = " http2" if work.protocol == "h2" else ""
    servers = "".join(
        f"server {{ listen 127.0.0.1:{port}{http2} backlog=4096; location / {{ {answer} }} }}\n"
        for port in (BACKEND_V1, BACKEND_V2))
    conf = work.file("backend.conf", f"""
daemon off; worker_processes 1; pid {work.folder}/backend.pid; error_log {work.folder}/backend.err;
events {{ worker_connections 16384; }}
http {{ access_log off; keepalive_requests 100000000; keepalive_timeout 3600s; default_type text/plain;
{servers} }}""")
    return Peer("backend", pinned(work.load_core, ["nginx", "-c", conf, "-p", work.folder]), BACKEND_V1, "",
                log_of(work, "backend", BACKEND_V1), work)


def file_backend(work, path):
    """Serves `path` to every GET, and over HTTP/1 reads what is sent to it."""
    if work.protocol != "h2":
        server = [sys.executable, os.path.join(HERE, "bulk.py"), path, str(BACKEND_V1), str(BACKEND_V2)]
        return Peer("backend", pinned(work.load_core, server), BACKEND_V1, "", log_of(work, "backend", BACKEND_V1), work)
    os.chmod(work.folder, 0o755)  # nginx reads it as another user
    servers = "".join(f"server {{ listen 127.0.0.1:{port} http2; location /file {{ alias {path}; }} }}\n"
                      for port in (BACKEND_V1, BACKEND_V2))
    conf = work.file("files.conf", f"""
daemon off; worker_processes 1; pid {work.folder}/files.pid; error_log {work.folder}/files.err;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; http2_max_concurrent_streams 1000; http2_chunk_size 16k; http2_body_preread_size 1m;
{servers} }}""")
    return Peer("backend", pinned(work.load_core, ["nginx", "-c", conf, "-p", work.folder]), BACKEND_V1, "",
                log_of(work, "backend", BACKEND_V1), work)


def slow_backend(work):
    """Answers as `path` says: after `SLOW_MILLIS`."""
    command = ["fortio", "server", "-http-port", f"127.0.0.1:{BACKEND_V2}", "-grpc-port", "disabled", "-redirect-port",
               "disabled", "-tcp-port", "disabled", "-udp-port", "disabled", "-loglevel", "Error"]
    return Peer("backend", pinned(work.load_core, command), BACKEND_V2, "", log_of(work, "backend", BACKEND_V2), work)


# --- Sluice -----------------------------------------------------------------------------------------------------------


def sluice(name, variant, work, port):
    config = os.path.join(work.folder, f"{name}-{port}")
    work.file(f"{name}-{port}/bench.yaml", sluice_tcp(work, port) if "tcp" in variant else sluice_http(work, port, variant))
    env = dict(os.environ)
    if work.java_home:
        env["SLUICE_JAVA_HOME"] = work.java_home
    program = os.path.join(ROOT, "sluice")
    command = [program, "--footprint", "small" if "small" in variant else "fast", "run", "--workers",
               "2" if "workers2" in variant else "1"]
    metrics_port = port + 1000 if "policies" in variant or work.admin else None
    command += ["--admin", f"127.0.0.1:{metrics_port}" if metrics_port else "off"]
    command += ["--access-log", os.path.join(work.folder, f"access-{port}.log") if "policies" in variant else "off"]
    if work.protocol == "tls":
        command += ["--certs", os.path.dirname(work.certificate())]
    core = "0,1" if "workers2" in variant else work.proxy_core
    says = version([program, "version"], r"sluice (\S+, JDK [^,]+)", env)
    peer = Peer(name, pinned(core, command + [config]), port, says, log_of(work, name, port), work, env)
    peer.metrics_port = metrics_port
    return peer


def sluice_http(work, port, variant):
    protocol = {"h1": "HTTP", "tls": "HTTPS", "h2": "HTTP2", "grpc": "GRPC"}[work.protocol]
    upstream = "HTTP" if work.protocol == "tls" else protocol
    tls = "\n    tls: {mode: SIMPLE, credentialName: bench}" if work.protocol == "tls" else ""
    own = ("\n    timeout: 10s\n    retries: {attempts: 2, perTryTimeout: 5s, retryOn: 'connect-failure,5xx'}"
           if "policies" in variant else "")
    limits = """
  trafficPolicy:
    connectionPool: {tcp: {maxConnections: 10000}, http: {http1MaxPendingRequests: 10000, http2MaxRequests: 10000}}
    outlierDetection: {consecutive5xxErrors: 5, interval: 10s, baseEjectionTime: 30s}""" if "policies" in variant else ""
    if work.limits:
        own = "\n    retries: {attempts: 0}"  # they would be load that nobody offered
        limits = f"""
  trafficPolicy:
    connectionPool: {{tcp: {{maxConnections: {work.limits[0]}}}, http: {{http1MaxPendingRequests: {work.limits[1]}}}}}"""
    if work.rules == 1:
        rules = "\n  - match: [{headers: {end-user: {exact: jason}}}]\n    route: [{destination: {host: backend.bench, subset: v2}}]"
    else:
        rules = "".join(f"\n  - match: [{{uri: {{prefix: /r{i}/}}, headers: {{end-user: {{exact: u{i}}}}}}}]"
                        f"\n    route: [{{destination: {{host: backend.bench, subset: v2}}}}]" for i in range(work.rules))
    v1, v2 = work.backends()
    return f"""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: bench}}
spec:
  servers:
  - port: {{number: {port}, name: http, protocol: {protocol}}}
    bind: 127.0.0.1
    hosts: ["*"]{tls}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: bench}}
spec:
  hosts: ["*"]
  gateways: [bench]
  http:{rules}
  - route:
    - destination: {{host: backend.bench, subset: v1}}
      weight: 75
    - destination: {{host: backend.bench, subset: v2}}
      weight: 25{own}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: bench}}
spec:
  host: backend.bench{limits}
  subsets: [{{name: v1, labels: {{version: v1}}}}, {{name: v2, labels: {{version: v2}}}}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: bench}}
spec:
  hosts: [backend.bench]
  resolution: STATIC
  ports: [{{number: 80, name: http, protocol: {upstream}}}]
  endpoints:
  - {{address: 127.0.0.1, ports: {{http: {v1}}}, labels: {{version: v1}}}}
  - {{address: 127.0.0.1, ports: {{http: {v2}}}, labels: {{version: v2}}}}
"""


def sluice_tcp(work, port):
    v1, v2 = work.backends()
    return f"""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: bench}}
spec:
  servers:
  - port: {{number: {port}, name: tcp, protocol: TCP}}
    bind: 127.0.0.1
    hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: bench}}
spec:
  hosts: ["*"]
  gateways: [bench]
  tcp:
  - route:
    - destination: {{host: backend.bench, port: {{number: 80}}}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: bench}}
spec:
  hosts: [backend.bench]
  resolution: STATIC
  ports: [{{number: 80, name: tcp, protocol: TCP}}]
  endpoints:
  - {{address: 127.0.0.1, ports: {{tcp: {v1}}}}}
  - {{address: 127.0.0.1, ports: {{tcp: {v2}}}}}
"""


# --- The others -------------------------------------------------------------------------------------------------------


def envoy(name, variant, work, port):
    def cluster(cluster_name, backend_port):
        protocol = {"http2_protocol_options": {}} if work.http2() else {"http_protocol_options": {}}
        return {
            "name": cluster_name, "type": "STATIC", "connect_timeout": "1s", "lb_policy": "LEAST_REQUEST",
            "circuit_breakers": {"thresholds": [{"max_connections": work.limits[0] if work.limits else 100000,
                                                 "max_pending_requests": work.limits[1] if work.limits else 100000,
                                                 "max_requests": 100000, "max_retries": 100000}]},
            "typed_extension_protocol_options": {} if "tcp" in variant else {
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                    "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                    "explicit_http_config": protocol}},
            "load_assignment": {"cluster_name": cluster_name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {
                "socket_address": {"address": "127.0.0.1", "port_value": backend_port}}}}]}]}}
    weighted = {"clusters": [{"name": "v1", "weight": 75}, {"name": "v2", "weight": 25}]}

    def rule(prefix, user):
        return {"match": {"prefix": prefix, "headers": [{"name": "end-user", "string_match": {"exact": user}}]},
                "route": {"cluster": "v2", "timeout": "0s"}}
    rules = [rule("/", "jason")] if work.rules == 1 else [rule(f"/r{i}/", f"u{i}") for i in range(work.rules)]
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bench", "codec_type": "AUTO", "use_remote_address": True, "normalize_path": True,
        "generate_request_id": True,
        "http_filters": [{"name": "router", "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": rules + [
            {"match": {"prefix": "/"}, "route": {"weighted_clusters": weighted, "timeout": "0s"}}]}]}}
    relay = {"@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", "stat_prefix": "bench",
             "cluster": "v1"}
    chain = {"filters": [{"name": "bench", "typed_config": relay if "tcp" in variant else manager}]}
    if work.protocol == "tls":
        certs = work.certificate()
        chain["transport_socket"] = {"name": "tls", "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
            "common_tls_context": {"alpn_protocols": ["h2", "http/1.1"], "tls_certificates": [{
                "certificate_chain": {"filename": f"{certs}/tls.crt"}, "private_key": {"filename": f"{certs}/tls.key"}}]}}}
    v1, v2 = work.backends()
    conf = work.file(f"envoy-{port}.json", json.dumps({"static_resources": {
        "listeners": [{"name": "bench", "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
                       "filter_chains": [chain]}],
        "clusters": [cluster("v1", v1), cluster("v2", v2)]}}))
    command = ["envoy", "-c", conf, "--concurrency", "1", "--disable-hot-restart", "-l", "warning"]
    return Peer(name, pinned(work.proxy_core, command), port,
                version(["envoy", "--version"], r"[0-9a-f]{40}/(\d+\.\d+\.\d+)"), log_of(work, name, port), work)


def haproxy(name, variant, work, port, tcp=False):
    proto = " proto h2" if work.http2() and not tcp else ""
    tls = f" ssl crt {work.certificate()}/both.pem alpn h2,http/1.1" if work.protocol == "tls" and not tcp else ""
    if tcp:
        rules = ""
    elif work.rules == 1:
        rules = "  use_backend v2 if { req.hdr(end-user) -m str jason }\n"
    else:
        rules = "".join(f"  use_backend v2 if {{ path_beg /r{i}/ }} {{ req.hdr(end-user) -m str u{i} }}\n"
                        for i in range(work.rules))

    def back(back_name, servers):
        queue = f" maxconn {work.limits[0]} maxqueue {work.limits[1]}" if work.limits else ""
        return f"backend {back_name}\n" + "".join(f"  server {s} 127.0.0.1:{p}{proto} weight {w}{queue}\n"
                                                  for s, p, w in servers)
    v1, v2 = work.backends()
    conf = work.file(f"{name}-{port}.cfg", f"""
global
  nbthread 1
  maxconn {min(9900, resource.getrlimit(resource.RLIMIT_NOFILE)[1] // 2 - 100)}
defaults
  mode {"tcp" if tcp else "http"}
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  {"" if tcp else "http-reuse always"}
frontend bench
  bind 127.0.0.1:{port}{proto}{tls}
{rules}  default_backend split
{back("split", [("v1", v1, 75), ("v2", v2, 25)])}
{back("v2", [("v2", v2, 1)])}
""")
    return Peer(name, pinned(work.proxy_core, ["haproxy", "-db", "-f", conf]), port,
                version(["haproxy", "-v"], r"version (\d+\.\d+\.\d+)"), log_of(work, name, port), work)


def nginx(name, variant, work, port):
    http2 = " http2" if work.http2() else ""
    tls = ""
    if work.protocol == "tls":
        tls = f" ssl; ssl_certificate {work.certificate()}/tls.crt; ssl_certificate_key {work.certificate()}/tls.key"
    users = "jason v2;" if work.rules == 1 else " ".join(f"u{i} v2;" for i in range(work.rules))
    v1, v2 = work.backends()
    how = "grpc_pass grpc://$pool;" if work.protocol == "grpc" else (
        'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://$pool;')
    conf = work.file(f"nginx-{port}.conf", f"""
daemon off; worker_processes 1; pid {work.folder}/nginx-{port}.pid; error_log {work.folder}/nginx-{port}.err;
events {{ worker_connections 16384; }}
http {{ access_log off; keepalive_requests 100000000; keepalive_timeout 3600s; map_hash_bucket_size 128;
map_hash_max_size 65536; client_max_body_size 0; proxy_request_buffering off;
upstream split {{ server 127.0.0.1:{v1} weight=75; server 127.0.0.1:{v2} weight=25; keepalive 256;
  keepalive_requests 100000000; }}
upstream v2 {{ server 127.0.0.1:{v2}; keepalive 256; keepalive_requests 100000000; }}
map $http_end_user $pool {{ default split; {users} }}
server {{ listen 127.0.0.1:{port}{http2} backlog=4096{tls}; location / {{ {how} }} }} }}""")
    return Peer(name, pinned(work.proxy_core, ["nginx", "-c", conf, "-p", work.folder]), port,
                version(["nginx", "-v"], r"nginx/(\S+)"), log_of(work, name, port), work)


STARTERS = {
    "sluice": sluice,
    "envoy": envoy,
    "haproxy": haproxy,
    "nginx": nginx,
    "haproxy-tcp": lambda name, variant, work, port: haproxy(name, variant, work, port, tcp=True),
}
