"""A network namespace in which an app's connections are redirected to Sluice: made here, gone when it is stopped.

Backend, load generator and proxy all run inside. The load generator is the app: what it sends to the service's virtual
address is redirected, what it sends to the explicit listener of the same proxy is not; routes and cluster are the same.
"""

import os
import subprocess
import sys

import peers

VIRTUAL, PORT, EXPLICIT, HOST = "10.99.0.10", 80, 19400, "backend.bench"


class Namespace:
    """Stopped like a peer: deleting it takes its interfaces and rules along."""

    def __init__(self):
        if os.geteuid() != 0:
            sys.exit("--measure intercept makes a network namespace and redirects in it: run it as root")
        self.name = f"sluice-bench-{os.getpid()}"
        self.inside = ["ip", "netns", "exec", self.name]
        self._ip("netns", "add", self.name)
        try:
            for words in (["link", "set", "lo", "up"],
                          ["link", "add", "bench0", "type", "veth", "peer", "name", "bench1"],
                          ["addr", "add", "10.99.0.1/24", "dev", "bench0"],
                          ["link", "set", "bench0", "up"], ["link", "set", "bench1", "up"]):
                self._ip("-n", self.name, *words)
        except subprocess.CalledProcessError:
            self.stop()
            raise

    @staticmethod
    def _ip(*words):
        subprocess.run(["ip", *words], check=True)

    def redirect(self):
        """Sluice's own rules."""
        subprocess.run([*self.inside, peers.BINARY["sluice"], "iptables", "apply"], check=True, capture_output=True)

    def stop(self):
        self._ip("netns", "delete", self.name)


def sluice(work):
    """Sluice beside the app, as the user whose connections the rules let through; that user may read the repository."""
    name = "sluice-intercept"
    config = os.path.dirname(work.file(f"{name}/bench.yaml", configuration(work)))
    os.chmod(work.folder, 0o755)
    env = dict(os.environ)
    if work.java_home:
        env["SLUICE_JAVA_HOME"] = work.java_home
    # Builds and trains as who runs this, before the other user needs it.
    says = peers.version([peers.BINARY["sluice"], "version"], r"sluice (\S+, JDK [^,]+)", env)
    command = ["setpriv", "--reuid", "1337", "--regid", "1337", "--clear-groups", "--inh-caps", "+dac_override",
               "--ambient-caps", "+dac_override", peers.BINARY["sluice"], "run", "--workers", "1", "--intercept",
               "--admin", "off", "--access-log", "off", config]
    return peers.Peer(name, peers.pinned(work.proxy_core, command), EXPLICIT, says, peers.log_of(work, name, EXPLICIT),
                      work, env)


def configuration(work):
    v1, v2 = work.backends()
    return f"""
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: default}}
spec:
  egress:
  - port: {{number: {EXPLICIT}, name: http, protocol: HTTP}}
    bind: 127.0.0.1
    captureMode: NONE
    hosts: ["*/*"]
  - hosts: ["*/*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: bench}}
spec:
  hosts: [{HOST}]
  http:
  - match: [{{headers: {{end-user: {{exact: jason}}}}}}]
    route: [{{destination: {{host: {HOST}, subset: v2}}}}]
  - route:
    - {{destination: {{host: {HOST}, subset: v1}}, weight: 75}}
    - {{destination: {{host: {HOST}, subset: v2}}, weight: 25}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: bench}}
spec:
  host: {HOST}
  subsets: [{{name: v1, labels: {{version: v1}}}}, {{name: v2, labels: {{version: v2}}}}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: bench}}
spec:
  hosts: [{HOST}]
  addresses: [{VIRTUAL}]
  resolution: STATIC
  ports: [{{number: {PORT}, name: http, protocol: HTTP}}]
  endpoints:
  - {{address: 127.0.0.1, ports: {{http: {v1}}}, labels: {{version: v1}}}}
  - {{address: 127.0.0.1, ports: {{http: {v2}}}, labels: {{version: v2}}}}
"""
