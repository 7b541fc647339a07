#!/usr/bin/env python3
"""A flame graph of Sluice under the load of run.py: where its CPU time goes, the kernel's part included.

    ./flame.py h1.svg                            # HTTP/1.1
    ./flame.py --protocol h2|grpc|tls h2.svg
    ./flame.py --peer sluice+policies policies.svg

Samples by perf (Debian package linux-perf) with frame pointers, names of compiled methods by jcmd Compiler.perfmap, so it
needs a JDK, not a runtime alone. Each box is as wide as its share of the samples; what lies on it was called by it; the root
is the thread. Hover a box for its name and share. Shares below --least percent are left out.
"""

import argparse
import collections
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import types

import loads
import peers

WIDTH, ROW = 1200, 16
COLOURS = {"kernel": "#e8b48a", "java": "#9cc6a5", "native": "#a9bcd8"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("svg", help="file to write")
    parser.add_argument("--protocol", choices=["h1", "h2", "grpc", "tls"], default="h1")
    parser.add_argument("--peer", default="sluice", help="sluice with variants, as for run.py")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--warmup", type=int, default=15, help="seconds before sampling")
    parser.add_argument("--seconds", type=int, default=10, help="of sampling")
    parser.add_argument("--least", type=float, default=0.3, help="percent of the samples that a box needs")
    parser.add_argument("--java-home", default=os.environ.get("SLUICE_JAVA_HOME", ""))
    return parser.parse_args()


def sampled(options, folder):
    """perf's text about a peer under load."""
    os.environ["SLUICE_JAVA_OPTS"] = os.environ.get("SLUICE_JAVA_OPTS", "") + " -XX:+PreserveFramePointer"
    work = peers.Work(folder, options.protocol, java_home=options.java_home)
    backend = peers.backend(work)
    try:
        peer = peers.start(options.peer, work, 19301)
        try:
            return under_load(options, work, peer)
        finally:
            peer.stop()
    finally:
        backend.stop()


def under_load(options, work, peer):
    seconds = options.warmup + options.seconds + 5
    load = threading.Thread(target=loads.closed_loop, args=(work, peer.port, options.connections, seconds))
    load.start()
    record = ["perf", "record", "-F", "499", "-g", "-o", os.path.join(work.folder, "perf.data")]
    pids = ",".join(str(pid) for pid in peer.pids())
    threading.Event().wait(options.warmup)
    subprocess.run(record + ["-p", pids, "--", "sleep", str(options.seconds)], check=True, capture_output=True)
    jcmd = os.path.join(options.java_home, "bin", "jcmd") if options.java_home else "jcmd"
    for pid in pids.split(","):
        subprocess.run([jcmd, pid, "Compiler.perfmap"], capture_output=True, check=False)  # a child need not be a JVM
    load.join()
    return subprocess.run(["perf", "script", "-i", record[-1], "-F", "comm,ip,sym,dso"], check=True, capture_output=True,
                          text=True, errors="replace").stdout


def stacks(text):
    """Each distinct stack, outermost frame first, with its samples; a frame is (kind, name)."""
    found = collections.Counter()
    for sample in text.split("\n\n"):
        lines = sample.strip("\n").split("\n")
        if len(lines) < 2:
            continue
        frames = [frame(line) for line in lines[1:]]
        thread = re.sub(r"-?\d+$", "", lines[0].strip())
        found[(("native", thread), *reversed([each for each in frames if each]))] += 1
    return found


def frame(line):
    found = re.match(r"\s*[0-9a-f]+ (.*) \((.*)\)$", line)
    if not found:
        return None
    name, place = found.groups()
    if place.startswith("[") and place != "[unknown]" or place.endswith(".ko"):
        return "kernel", name
    if "perf-" in place:
        return "java", java(name)
    return "native", name if name != "[unknown]" else f"[{os.path.basename(place)}]"


def java(name):
    """`Class.method` of what the JVM writes, which has the result's type before it and the arguments' behind."""
    method = name.split("(")[0].split(" ")[-1]
    return ".".join(method.split(".")[-2:]) if "." in method else name


def tree(found):
    root = types.SimpleNamespace(frame=("native", "all"), samples=0, below={})
    for stack, samples in found.items():
        node = root
        node.samples += samples
        for each in stack:
            node = node.below.setdefault(each, types.SimpleNamespace(frame=each, samples=0, below={}))
            node.samples += samples
    return root


def depth(node, least):
    return 1 + max((depth(each, least) for each in node.below.values() if each.samples >= least), default=0)


def drawn(root, title, percent):
    least = root.samples * percent / 100
    rows = depth(root, least)
    height = (rows + 2) * ROW
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="monospace" '
           f'font-size="11"><rect width="100%" height="100%" fill="#fff"/>'
           f'<text x="4" y="{ROW - 4}">{html.escape(title)}</text>']

    def box(node, x, level):
        wide = node.samples * WIDTH / root.samples
        y = height - (level + 1) * ROW
        kind, name = node.frame
        label = html.escape(name)
        letters = int(wide / 6.7)
        shown = html.escape(name[:letters]) if letters > 3 else ""
        out.append(f'<g><title>{label} {100 * node.samples / root.samples:.1f} %</title>'
                   f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{ROW - 1}" fill="{COLOURS[kind]}"/>'
                   + (f'<text x="{x + 2:.1f}" y="{y + ROW - 5}">{shown}</text>' if shown else "") + "</g>")
        for each in sorted(node.below.values(), key=lambda child: child.frame):
            if each.samples >= least:
                box(each, x, level + 1)
                x += each.samples * WIDTH / root.samples

    box(root, 0, 0)
    return "\n".join(out + ["</svg>", ""])


def main():
    peers.leave_none_behind()
    options = arguments()
    for needed in ("perf", "taskset", "nginx"):
        if not shutil.which(needed):
            sys.exit(f"{needed} is needed (Debian packages linux-perf, util-linux, nginx)")
    with tempfile.TemporaryDirectory(prefix="flame-") as folder:
        root = tree(stacks(sampled(options, folder)))
    if root.samples == 0:
        sys.exit("perf took no sample")
    title = f"{options.peer}, {options.protocol}, {options.connections} connections, {root.samples} samples"
    with open(options.svg, "w", encoding="utf-8") as out:
        out.write(drawn(root, title, options.least))
    print(f"{options.svg}: {root.samples} samples")


if __name__ == "__main__":
    main()
