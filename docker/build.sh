#!/usr/bin/env bash
# Builds the image from this checkout, without asking any registry for a base.
#
#   docker/build.sh [NAME]           # the proxy; default: sluice:dev
#   docker/build.sh --init [NAME]    # the init container; default: sluice-init:dev
#
# Environment: BASE, an image to put it on instead of an empty one (distroless, …); VERSION, for the label.
# Takes buildah (as root), else docker, else podman.
set -euo pipefail

recipe=Dockerfile rootfs=rootfs.sh name=sluice:dev
if [ "${1:-}" = --init ]; then
  recipe=init.Dockerfile rootfs=initfs.sh name=sluice-init:dev
  shift
fi
name=${1:-$name}
here=$(cd "$(dirname "$0")" && pwd -P)
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
"$here/$rootfs" "$context/rootfs"

arguments=(--build-arg "BASE=${BASE:-scratch}" --build-arg "VERSION=${VERSION:-dev}" -f "$here/$recipe" -t "$name")
# The format is the one that has health checks.
if command -v buildah >/dev/null; then
  buildah bud --isolation chroot --format docker --timestamp 0 "${arguments[@]}" "$context/rootfs"
elif command -v docker >/dev/null; then
  docker build "${arguments[@]}" "$context/rootfs"
elif command -v podman >/dev/null; then
  podman build --format docker --timestamp 0 "${arguments[@]}" "$context/rootfs"
else
  echo "docker/build.sh: needs buildah, docker or podman" >&2
  exit 1
fi
