#!/usr/bin/env bash
# Builds the image from this checkout, without asking any registry for a base.
#
#   docker/build.sh [NAME]           # the proxy; default: sluice:dev
#   docker/build.sh --init [NAME]    # the init container; default: sluice-init:dev
#
# Environment: BASE, an image with a C library (glibc) to put it on instead of an empty one, such as distroless; VERSION, for the label;
# SOURCE_DATE_EPOCH, the time that every file gets and the image has (default: 0).
# Takes buildah (as root), else docker, else podman.
set -euo pipefail

recipe=Dockerfile rootfs=rootfs.sh name=sluice:dev
if [ "${1:-}" = --init ]; then
  recipe=init.Dockerfile rootfs=initfs.sh name=sluice-init:dev
  shift
fi
name=${1:-$name}
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd -P)
epoch=${SOURCE_DATE_EPOCH:-0}
export SOURCE_DATE_EPOCH=$epoch BASE=${BASE:-scratch}
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
"$here/$rootfs" "$context/rootfs"

arguments=(--build-arg FILES=host --build-arg "BASE=$BASE" --build-arg "VERSION=${VERSION:-dev}" -f "$here/$recipe" -t "$name")
# The format is the one that has health checks. A start-up cache is made anew only for other files: the JVM never writes the same
# one twice.
if command -v buildah >/dev/null; then
  buildah bud --isolation chroot --layers --format docker --timestamp "$epoch" "${arguments[@]}" "$context"
elif command -v docker >/dev/null; then
  docker build "${arguments[@]}" "$context"
elif command -v podman >/dev/null; then
  podman build --format docker --timestamp "$epoch" "${arguments[@]}" "$context"
else
  echo "docker/build.sh: needs buildah, docker or podman" >&2
  exit 1
fi
