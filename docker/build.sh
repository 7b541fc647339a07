#!/usr/bin/env bash
# Builds the image from this checkout, without asking any registry for a base.
#
#   docker/build.sh [NAME]        # default: sluice:dev
#
# Takes buildah (as root), else docker, else podman.
set -euo pipefail

name=${1:-sluice:dev}
here=$(cd "$(dirname "$0")" && pwd -P)
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
"$here/rootfs.sh" "$context/rootfs"

if command -v buildah >/dev/null; then
  buildah bud --isolation chroot --timestamp 0 -f "$here/Dockerfile" -t "$name" "$context/rootfs"
elif command -v docker >/dev/null; then
  docker build -f "$here/Dockerfile" -t "$name" "$context/rootfs"
elif command -v podman >/dev/null; then
  podman build --timestamp 0 -f "$here/Dockerfile" -t "$name" "$context/rootfs"
else
  echo "docker/build.sh: needs buildah, docker or podman" >&2
  exit 1
fi
