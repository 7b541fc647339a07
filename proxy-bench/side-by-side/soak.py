#!/usr/bin/env python3
"""Soak: Sluice under mixed load for a long time, once for each allocator, and what its memory does meanwhile.

    ./soak.py --minutes 30 --allocators adaptive,pooled --json soak.json

Load: HTTP/1.1 at a fixed rate, HTTP/2 beside it, and now and then a burst of many connections with bodies of 256 KiB, as a
busy day has them. Memory is the process's resident set, read every half minute. No growth means that the last third is not
above the second.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile
import threading
import time

import loads
import peers

peers.BACKEND_V1, peers.BACKEND_V2 = 19211, 19212  # beside a run of run.py


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=int, default=500, help="requests a second of each proxy")
    parser.add_argument("--allocators", default="adaptive,pooled")
    parser.add_argument("--footprint", choices=["fast", "small"], default="fast")
    parser.add_argument("--java-home", default=os.environ.get("SLUICE_JAVA_HOME", ""))
    parser.add_argument("--json", help="also write the samples to this file")
    return parser.parse_args()


def steady(work, port, rate, until, errors):
    """HTTP/1.1 by fortio and a burst of large bodies every minute, until the time `until`."""
    while time.monotonic() < until:
        seconds = max(1, min(50, int(until - time.monotonic())))
        _, failed = loads.at_rate(work, port, rate, 32, seconds)
        errors.append(failed)
        big = f"http://127.0.0.1:{port}/big"
        text = subprocess.run(["wrk", "-t", "1", "-c", "200", "-d", "2s", big], capture_output=True, text=True, timeout=60,
                              check=True).stdout
        errors.append(sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text))))


def http2(port, until):
    while time.monotonic() < until:
        subprocess.run(["h2load", "-t", "1", "-c", "8", "-m", "4", "--rps", "20", "-D", "20", f"http://127.0.0.1:{port}/"],
                       capture_output=True, timeout=120, check=True)


def main():
    peers.leave_none_behind()
    options = arguments()
    samples, errors = {}, {}
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        work = peers.Work(folder, proxy_core="0,1", load_core="0,1", java_home=options.java_home)
        started = [soak_backend(work)]
        threads, running = [], {}
        until = time.monotonic() + options.minutes * 60
        try:
            for number, allocator in enumerate(options.allocators.split(",")):
                os.environ["SLUICE_JAVA_OPTS"] = f"-Dio.netty.allocator.type={allocator}"
                peer = peers.start("sluice+small" if options.footprint == "small" else "sluice", work, 19401 + number)
                started.append(peer)
                running[allocator], samples[allocator], errors[allocator] = peer, [], []
                threads.append(threading.Thread(target=steady, args=(work, peer.port, options.rate, until, errors[allocator])))
                threads.append(threading.Thread(target=http2, args=(peer.port, until)))
            for thread in threads:
                thread.start()
            while time.monotonic() < until:
                time.sleep(30)
                for allocator, peer in running.items():
                    samples[allocator].append(round(peer.rss_mib(), 1))
            for thread in threads:
                thread.join()
        finally:
            for peer in reversed(started):
                peer.stop()
    print(f"\n| allocator | MiB after half a minute | second third, median | last third, median | highest | errors |")
    print("| --- | --- | --- | --- | --- | --- |")
    for allocator, values in samples.items():
        third = len(values) // 3
        print(f"| {allocator} | {values[0]} | {statistics.median(values[third:2 * third])} | "
              f"{statistics.median(values[2 * third:])} | {max(values)} | {sum(errors[allocator])} |")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"options": vars(options), "mib": samples}, out, indent=2)


def soak_backend(work):
    small, big = "x" * 1024, os.path.join(work.folder, "big")
    with open(big, "wb") as out:
        out.truncate(256 << 10)
    os.chmod(work.folder, 0o755)  # nginx reads it as another user
    servers = "".join(f"server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return 200 '{small}'; }} "
                      f"location /big {{ alias {big}; }} }}\n" for port in (peers.BACKEND_V1, peers.BACKEND_V2))
    conf = work.file("backend.conf", f"""
daemon off; worker_processes 1; pid {work.folder}/backend.pid; error_log {work.folder}/backend.err;
events {{ worker_connections 8192; }}
http {{ access_log off; keepalive_requests 100000000; keepalive_timeout 3600s; default_type text/plain;
{servers} }}""")
    return peers.Peer("backend", ["nginx", "-c", conf, "-p", work.folder], peers.BACKEND_V1, "",
                      peers.log_of(work, "backend", peers.BACKEND_V1), work)


if __name__ == "__main__":
    main()
