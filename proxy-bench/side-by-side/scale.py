#!/usr/bin/env python3
"""Large configurations: time to load them, time until a change is in force, memory of a rule.

    ./scale.py                                   # all shapes, 10,000 rules each
    ./scale.py --shape files --count 10000       # one VirtualService a file
    ./scale.py --shape documents                 # all of them in one file
    ./scale.py --shape rules                     # one VirtualService with as many prefix+header rules
    ./scale.py --footprint small --reloads 20

What is measured, always against the same configuration with one rule:

- load: from the start of `sluice run` to its line `ready`, and the CPU time until then.
- reload: from before one object is written to the first answer that shows the change, which is asked for all the time; what
  is in force before answers until then. Half of the changes are written in place, half are renamed over the file.
- memory of a rule: the live heap after a full collection (`jcmd PID GC.class_histogram`), and what is resident before and
  after that, each as the difference to one rule by the number of rules.

Needs jcmd of the JDK that runs Sluice. Uses loopback only.
"""

import argparse
import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import peers

GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: edge}}
spec:
  servers:
  - port: {{number: {port}, name: http, protocol: HTTP}}
    bind: 127.0.0.1
    hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: backend}}
spec:
  hosts: [backend.bench]
  ports: [{{number: 80, name: http, protocol: HTTP}}]
  resolution: STATIC
  endpoints: [{{address: 127.0.0.1, ports: {{http: 9}}, labels: {{version: v2}}}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: backend}}
spec:
  host: backend.bench
  subsets: [{{name: v2, labels: {{version: v2}}}}]
"""

SERVICE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {name}
spec:
  hosts:
  - {host}
  gateways:
  - edge
  http:
"""

RULE = """  - match:
    - uri:
        prefix: /r{i}/
      headers:
        end-user:
          exact: u{i}
    route:
    - destination:
        host: backend.bench
        subset: v2
"""

ANSWER = """  - match:
    - uri:
        exact: /generation
    directResponse:
      status: 200
      body:
        string: "{generation:06d}"
"""


def service(i, generation=None):
    own = ANSWER.format(generation=generation) if generation is not None else ""
    return SERVICE.format(name=f"v{i:05d}", host=f"h{i:05d}.test") + own + RULE.format(i=i)


class Files:
    """A configuration of so many VirtualServices, one a file; the middle one is the one that changes."""

    def __init__(self, folder, count):
        self.folder, self.count, self.changing = folder, count, count // 2
        self.host = f"h{self.changing:05d}.test"

    def write(self):
        for i in range(self.count):
            put(os.path.join(self.folder, f"v{i:05d}.yaml"), service(i, 0 if i == self.changing else None))

    def change(self, generation):
        return os.path.join(self.folder, f"v{self.changing:05d}.yaml"), service(self.changing, generation)


class Documents(Files):
    """The same in one file."""

    def text(self, generation):
        return "---\n".join(service(i, generation if i == self.changing else None) for i in range(self.count))

    def write(self):
        put(self.change(0)[0], self.text(0))

    def change(self, generation):
        return os.path.join(self.folder, "all.yaml"), self.text(generation)


class Rules(Documents):
    """One VirtualService of so many rules."""

    def __init__(self, folder, count):
        super().__init__(folder, count)
        self.host = "h.test"

    def text(self, generation):
        rules = "".join(RULE.format(i=i) for i in range(self.count))
        return SERVICE.format(name="v", host="h.test") + ANSWER.format(generation=generation) + rules


SHAPES = {"rules": Rules, "files": Files, "documents": Documents}


def put(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


class Proxy:
    """A started Sluice."""

    def __init__(self, folder, port, options):
        env = dict(os.environ)
        if options.java_home:
            env["SLUICE_JAVA_HOME"] = options.java_home
        self.log = open(folder + ".log", "wb")
        start = time.monotonic()
        self.process = subprocess.Popen(
            [os.path.join(options.sluice, "sluice"), "--footprint", options.footprint, "run", "--workers", "1", "--admin", "off",
             "--access-log", "off", folder], stdout=subprocess.PIPE, stderr=self.log, env=env, start_new_session=True)
        line = self.process.stdout.readline().decode()
        self.load_ms = (time.monotonic() - start) * 1000
        if not line.startswith("ready"):
            sys.exit(f"sluice did not start: {line!r}\n" + open(folder + ".log", errors="replace").read()[-2000:])
        self.pid = self.process.pid
        self.load_cpu = self.cpu_seconds()
        self.port = port
        self.connection = None

    def cpu_seconds(self):
        return sum(peers.clocks(f"/proc/{self.pid}"))

    def rss_kib(self):
        return peers.rss_kib(self.pid)

    def live_heap(self, jcmd):
        """Bytes of the objects that a full collection leaves; not of those by which Serial GC fills the holes that it leaves."""
        text = subprocess.run([jcmd, str(self.pid), "GC.class_histogram"], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in text.splitlines()]
        holes = sum(int(row[2]) for row in rows if len(row) > 3 and "jdk.internal.vm.Filler" in row[3])
        return int(rows[-1][-1]) - holes

    def generation(self, host):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.connection.request("GET", "/generation", headers={"Host": host})
        return self.connection.getresponse().read().decode()

    def stop(self):
        if self.connection is not None:
            self.connection.close()
        os.killpg(self.pid, signal.SIGTERM)
        self.process.wait(timeout=30)
        self.log.close()


def replace(path, text):
    """As editors and `kubectl cp` do it: a whole file takes the place of the old one."""
    put(path + ".new", text)
    os.replace(path + ".new", path)


def reload_ms(proxy, shape, generation, write):
    path, text = shape.change(generation)
    want = f"{generation:06d}"
    start = time.monotonic()
    write(path, text)
    while proxy.generation(shape.host) != want:
        if time.monotonic() - start > 60:
            sys.exit(f"the change of {path} is not in force after 60 s")
        time.sleep(0.0005)
    return (time.monotonic() - start) * 1000


def measure(name, count, options, folder, port):
    os.makedirs(folder)
    put(os.path.join(folder, "a.yaml"), GATEWAY.format(port=port))
    shape = SHAPES[name](folder, count)
    shape.write()
    time.sleep(3)  # as configuration is when a proxy starts: not written this very moment
    proxy = Proxy(folder, port, options)
    try:
        figures = {"load_ms": round(proxy.load_ms), "load_cpu_s": proxy.load_cpu}
        if proxy.generation(shape.host) != "000000":
            sys.exit("the configuration is not in force")
        time.sleep(options.rest)
        figures["rss_mib"] = round(proxy.rss_kib() / 1024, 1)
        figures["live_bytes"] = proxy.live_heap(options.jcmd)
        figures["rss_collected_mib"] = round(proxy.rss_kib() / 1024, 1)
        times = {"in place": [], "renamed": []}
        cpu = proxy.cpu_seconds()
        for generation in range(1, options.reloads + 1):
            way = "renamed" if generation % 2 == 0 else "in place"
            times[way].append(reload_ms(proxy, shape, generation, replace if way == "renamed" else put))
            time.sleep(options.pause)
        figures["reload_cpu_s"] = round((proxy.cpu_seconds() - cpu) / max(1, options.reloads), 3)
        figures["first_reload_ms"] = round(times["in place"][0]) if options.reloads else None
        figures["reload_ms"] = {way: round(statistics.median(values)) for way, values in times.items() if values}
        time.sleep(options.pause)
        figures["live_bytes_after_reloads"] = proxy.live_heap(options.jcmd)
        figures["rss_after_reloads_mib"] = round(proxy.rss_kib() / 1024, 1)
        return figures
    finally:
        proxy.stop()


def main():
    peers.leave_none_behind()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", default=",".join(SHAPES), help="comma separated: " + ", ".join(SHAPES))
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--reloads", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two changes")
    parser.add_argument("--rest", type=float, default=5, help="seconds between the start and looking at memory")
    parser.add_argument("--footprint", choices=("fast", "small"), default="fast")
    parser.add_argument("--java-home", default=os.environ.get("SLUICE_JAVA_HOME", ""))
    parser.add_argument("--sluice", default=peers.ROOT, help="folder of the build to measure")
    parser.add_argument("--json", help="also write the figures to this file")
    options = parser.parse_args()
    options.jcmd = os.path.join(options.java_home, "bin", "jcmd") if options.java_home else shutil.which("jcmd")
    if not options.jcmd or not os.path.exists(options.jcmd):
        sys.exit("jcmd is needed; set --java-home")
    results = {}
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        port = 19700
        for name in options.shape.split(","):
            for count in (1, options.count):
                port += 1
                results[f"{name} {count}"] = measure(name, count, options, os.path.join(folder, f"{name}-{count}"), port)
    print(f"{options.count} rules, --footprint {options.footprint}\n")
    print("| shape | load s (CPU s) | of one rule | reload ms: first, in place, renamed (CPU ms) | "
          "live heap a rule, B (after reloads) | resident a rule, B (collected) | MiB resident |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in options.shape.split(","):
        one, many = results[f"{name} 1"], results[f"{name} {options.count}"]

        def each(figure, unit=1, one=one, many=many):
            return round((many[figure] - one[figure]) * unit / (options.count - 1))

        mib = 1 << 20
        ways = many["reload_ms"]
        print(f"| {name} | {many['load_ms'] / 1000:.2f} ({many['load_cpu_s']:.2f}) | {one['load_ms'] / 1000:.2f} "
              f"({one['load_cpu_s']:.2f}) | {many['first_reload_ms']}, {ways.get('in place')}, {ways.get('renamed')} "
              f"({many['reload_cpu_s'] * 1000:.0f}) | {each('live_bytes')} ({each('live_bytes_after_reloads')}) | "
              f"{each('rss_mib', mib)} ({each('rss_collected_mib', mib)}) | {many['rss_mib']} |")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"options": vars(options), "results": results}, out, indent=2)


if __name__ == "__main__":
    main()
