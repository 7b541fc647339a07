#!/usr/bin/env bash
# Copies the libraries that programs and libraries are linked to, from this host.
#
#   docker/libraries.sh FOLDER FILE…
#
# Environment: BASE, the image that the folder is put on (default: scratch). On one of its own the C library stays away, and
# the others lie below /usr: /lib is a folder in some images and a link in others, and a folder put on a link fails.
set -euo pipefail
umask 022

out=$1
shift
base=${BASE:-scratch}
for file in "$@"; do
  ldd "$file" 2>/dev/null || true # a static one
done | sed -n -e 's/.* => \(\/[^ ]*\) .*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' | sort -u |
  while read -r library; do
    name=$(basename "$library")
    folder=$(dirname "$library")
    case $library in
      */opt/sluice/*) continue ;; # the runtime's own
    esac
    if [ "$base" != scratch ]; then
      case $name in
        ld-linux* | libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.*) continue ;;
      esac
      folder=$(readlink -f "$folder")
    fi
    mkdir -p "$out$folder"
    cp -L "$library" "$out$folder/$name"
  done
