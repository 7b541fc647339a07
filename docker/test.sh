#!/usr/bin/env bash
# Runs the image with a configuration of its own, sends requests through it, and ends it as an orchestrator would.
#
#   docker/test.sh [NAME]         # default: sluice:dev, as docker/build.sh makes it
#
# Takes podman with runc (as root), else docker. Opens 127.0.0.1:18980 and the admin port 127.0.0.1:18981.
set -euo pipefail

name=${1:-sluice:dev}
folder=$(mktemp -d)
container=sluice-test-$$
failed=0

if command -v podman >/dev/null; then
  engine=(podman)
  command -v runc >/dev/null && engine+=(--runtime runc)
elif command -v docker >/dev/null; then
  engine=(docker)
else
  echo "docker/test.sh: needs podman or docker" >&2
  exit 1
fi

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

# get PORT PATH: status and body of one request, by nothing but bash.
get() {
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
  tr -d '\r' <&3 | awk 'NR==1 {printf "%s", $2} body {printf " %s", $0} /^$/ {body=1}'
  exec 3>&- 3<&-
}

cat >"$folder/shop.yaml" <<'YAML'
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  servers:
  - port: {number: 18980, name: http, protocol: HTTP}
    bind: 127.0.0.1
    hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: ["*"]
  gateways: [shop]
  http:
  - match: [{uri: {exact: /hello}}]
    directResponse: {status: 200, body: {string: hello}}
YAML
chmod 755 "$folder" && chmod 644 "$folder/shop.yaml"

"${engine[@]}" run -d --name "$container" --network=host --read-only --tmpfs /tmp --cap-drop ALL --memory 128m \
  --ulimit nofile=20000:20000 --ulimit nproc=10000:10000 -v "$folder:/etc/sluice:ro" "$name" \
  run /etc/sluice --admin 127.0.0.1:18981 >/dev/null
for _ in $(seq 100); do
  "${engine[@]}" logs "$container" 2>/dev/null | grep -q '^ready ' && break
  sleep 0.1
done

expect "ready line" "$("${engine[@]}" logs "$container" 2>/dev/null | grep '^ready ')" \
  "ready listeners=1 admin=127.0.0.1:18981"
expect "transport" "$("${engine[@]}" exec "$container" /opt/sluice/jre/bin/java -cp /opt/sluice/app/sluice.jar \
  @/opt/sluice/java.options dev.sluice.proxy.app.Main version | sed 's/.*transport //')" "epoll"
expect "a request" "$(get 18980 /hello)" "200 hello"
expect "no route" "$(get 18980 /other)" "404"
expect "admin" "$(get 18981 /ready)" "200 LIVE"

process=$("${engine[@]}" inspect -f '{{.State.Pid}}' "$container")
expect "uid" "$(awk '/^Uid:/ {print $2}' "/proc/$process/status")" "1337"
expect "capabilities" "$(awk '/^CapEff:/ {print $2}' "/proc/$process/status")" "0000000000000000"
resident=$(awk '/^VmRSS:/ {print int($2 / 1024)}' "/proc/$process/status")
expect "resident MiB ($resident) at most 128" "$((resident <= 128))" "1"
expect "health, by the binary itself" "$("${engine[@]}" exec "$container" /opt/sluice/jre/bin/java @/opt/sluice/java.options \
  -cp /opt/sluice/app/sluice.jar dev.sluice.proxy.app.Main wait --timeout 20 --admin 127.0.0.1:18981 && echo healthy)" "healthy"
size=$("${engine[@]}" image inspect -f '{{.Size}}' "$name")
expect "MB of the image ($((size / 1000000))) under 100" "$((size < 100000000))" "1"
root=$(mktemp -d)
"${engine[@]}" cp "$container:/opt/sluice/sbom.cdx.json" "$root/sbom.json"
expect "the bill of materials names Netty" "$(grep -c 'pkg:maven/io.netty/netty-common@' "$root/sbom.json")" "1"
rm -r "$root"
expect "root is read-only" "$(awk '$2 == "/" {print substr($4, 1, 2)}' "/proc/$process/mounts" | tail -n 1)" "ro"

"${engine[@]}" stop -t 15 "$container" >/dev/null
expect "exit code after SIGTERM" "$("${engine[@]}" inspect -f '{{.State.ExitCode}}' "$container")" "0"
exit $failed
