#!/usr/bin/env bash
# Runs the image with a configuration of its own, sends requests through it, and ends it as an orchestrator would.
#
#   docker/test.sh [NAME]         # default: sluice:dev, as docker/build.sh makes it
#
# Takes podman with runc (as root), else docker; says so and ends with 0 where there is neither. Opens 127.0.0.1:18980,
# 18982, the admin port 18981, and the status ports 18983 to 18985.
set -euo pipefail

name=${1:-sluice:dev}
failed=0

if command -v podman >/dev/null; then
  engine=(podman)
  command -v runc >/dev/null && engine+=(--runtime runc)
elif command -v docker >/dev/null; then
  engine=(docker)
else
  echo "docker/test.sh: skipped, for there is neither podman nor docker"
  exit 0
fi
"${engine[@]}" image inspect "$name" >/dev/null 2>&1 || {
  echo "docker/test.sh: there is no image $name; docker/build.sh makes it" >&2
  exit 1
}
folder=$(mktemp -d)
container=sluice-test-$$

cleanup() {
  "${engine[@]}" rm -f "$container" >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap cleanup EXIT

expect() {
  if [ "$2" = "$3" ]; then
    printf 'ok    %s: %s\n' "$1" "$2"
  else
    printf 'FAIL  %s: %s, expected %s\n' "$1" "$2" "$3"
    failed=1
  fi
}

# get PORT PATH [METHOD]: status and body of one request, by nothing but bash.
get() {
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "${3:-GET}" "$2" "$1" >&3
  tr -d '\r' <&3 | awk 'NR==1 {printf "%s", $2} body {printf " %s", $0} /^$/ {body=1}'
  exec 3>&- 3<&-
}

# program COMMAND…: `sluice COMMAND` beside the proxy, as the health check runs it.
program() {
  "${engine[@]}" exec "$container" /opt/sluice/jre/bin/java @/opt/sluice/java.options @/opt/sluice/wait.options \
    -cp /opt/sluice/app/sluice.jar dev.sluice.proxy.app.Main "$@"
}

# Some milliseconds without a process: one each time would take a third of a core from the start that is measured.
exec {silence}<> <(:)
rest() { read -r -t 0.005 -u "$silence" || true; }

millis() { echo $(($(date +%s%N) / 1000000)); }

cat >"$folder/shop.yaml" <<'YAML'
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  servers:
  - {port: {number: 18980, name: http, protocol: HTTP}, bind: 127.0.0.1, hosts: ["*"]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: stock}
spec:
  servers:
  - {port: {number: 18982, name: http, protocol: HTTP}, bind: 127.0.0.1, hosts: ["*"]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: stock}
spec:
  hosts: [stock.example.com]
  resolution: STATIC
  ports: [{number: 80, name: http, protocol: HTTP}]
  endpoints: [{address: 127.0.0.1, ports: {http: 18982}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: stock}
spec:
  hosts: ["*"]
  gateways: [stock]
  http: [{directResponse: {status: 200, body: {string: hello}}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: ["*"]
  gateways: [shop]
  http:
  - match: [{uri: {exact: /hello}}]
    route: [{destination: {host: stock.example.com}}]
  - match: [{uri: {exact: /slow}}]
    fault: {delay: {percentage: {value: 100}, fixedDelay: 2s}}
    route: [{destination: {host: stock.example.com}}]
YAML
chmod 755 "$folder" && chmod 644 "$folder/shop.yaml"

started=$(millis)
"${engine[@]}" run -d --name "$container" --network=host --read-only --tmpfs /tmp --cap-drop ALL --memory 128m \
  --ulimit nofile=20000:20000 --ulimit nproc=10000:10000 -v "$folder:/etc/sluice:ro" "$name" \
  run /etc/sluice --admin 127.0.0.1:18981 --status --set defaultConfig.statusPort=18983 \
  --set defaultConfig.proxyMetadata.ENVOY_STATUS_PORT=18984 \
  --set defaultConfig.proxyMetadata.ENVOY_PROMETHEUS_PORT=18985 >/dev/null
first=
for _ in $(seq 4000); do
  if { exec 3<>/dev/tcp/127.0.0.1/18980; } 2>/dev/null; then
    exec 3>&- 3<&-
    first=$(get 18980 /hello 2>/dev/null) && [ "$first" = "200 hello" ] && break
  fi
  rest
done
answered=$(millis)
expect "the first request" "$first" "200 hello"
process=$("${engine[@]}" inspect -f '{{.State.Pid}}' "$container")
# Ticks since the machine's start, of which there are a hundred a second.
born=$(($(date +%s%N) / 1000000 - $(awk '{printf "%d", $1 * 1000}' /proc/uptime) + $(sed 's/.*) //' "/proc/$process/stat" | cut -d' ' -f20) * 10))
printf '      first proxied 200: %s ms after the process began, %s ms after `%s run`\n' \
  "$((answered - born))" "$((answered - started))" "${engine[0]}"

for _ in $(seq 100); do
  "${engine[@]}" logs "$container" 2>/dev/null | grep -q '^ready ' && break
  sleep 0.1
done
expect "ready line" "$("${engine[@]}" logs "$container" 2>/dev/null | grep '^ready ')" \
  "ready listeners=2 admin=127.0.0.1:18981"
expect "transport" "$(program version | sed 's/.*transport //')" "epoll"
expect "no route" "$(get 18980 /other)" "404"
expect "admin" "$(get 18981 /ready)" "200 LIVE"
expect "readiness" "$(get 18984 /healthz/ready)" "200 LIVE"
expect "metrics" "$(get 18985 /stats/prometheus | grep -o 'istio_requests_total' | head -n 1)" "istio_requests_total"

for _ in $(seq 500); do get 18980 /hello >/dev/null; done
expect "uid" "$(awk '/^Uid:/ {print $2}' "/proc/$process/status")" "1337"
expect "capabilities" "$(awk '/^CapEff:/ {print $2}' "/proc/$process/status")" "0000000000000000"
resident=$(awk '/^VmRSS:/ {print int($2 / 1024)}' "/proc/$process/status")
expect "resident MiB ($resident) at most 128" "$((resident <= 128))" "1"
expect "root is read-only" "$(awk '$2 == "/" {print substr($4, 1, 2)}' "/proc/$process/mounts" | tail -n 1)" "ro"
expect "no shell" "$("${engine[@]}" exec "$container" /bin/sh -c true >/dev/null 2>&1 && echo there || echo none)" "none"
expect "health, by the binary itself" \
  "$(program wait --timeout 20 --url http://localhost:18984/healthz/ready && echo healthy)" "healthy"
expect "the same, where nobody answers" "$(program wait --timeout 0 --admin off >/dev/null 2>&1 || echo "exit $?")" "exit 1"
[ "${engine[0]}" = docker ] || expect "the image's health check" \
  "$("${engine[@]}" image inspect -f '{{join .HealthCheck.Test " "}}' "$name" | grep -o 'Main wait')" "Main wait"
size=$("${engine[@]}" image inspect -f '{{.Size}}' "$name")
expect "MB of the image ($((size / 1000000))) under 100" "$((size < 100000000))" "1"
"${engine[@]}" cp "$container:/opt/sluice/sbom.cdx.json" "$folder/sbom.json"
expect "the bill of materials names Netty" "$(grep -c 'pkg:maven/io.netty/netty-common@' "$folder/sbom.json")" "1"

# A request is under way when SIGTERM comes: it ends well, and so does the process.
get 18980 /slow >"$folder/slow" &
slow=$!
sleep 0.5
"${engine[@]}" kill -s TERM "$container" >/dev/null
for _ in $(seq 20); do
  draining=$(get 18984 /healthz/ready 2>/dev/null) && [ "$draining" = "503 DRAINING" ] && break
  sleep 0.05
done
expect "readiness in the drain" "$draining" "503 DRAINING"
wait "$slow" || true
expect "the request that SIGTERM met" "$(cat "$folder/slow")" "200 hello"
expect "exit code after SIGTERM" "$("${engine[@]}" wait "$container")" "0"
exit $failed
