#!/usr/bin/env bash
# What the image of the init container holds: what docker/rootfs.sh puts together, and this host's iptables (legacy and
# nf_tables), nft and ip with the libraries that they are linked to.
#
#   docker/initfs.sh FOLDER
#
# Environment: as of docker/rootfs.sh. On a BASE of its own these programs need its C library to be that of this host or newer.
set -euo pipefail
umask 022
export LC_ALL=C

die() {
  printf 'docker/initfs.sh: %s\n' "$*" >&2
  exit 1
}

[ $# -eq 1 ] || die "usage: docker/initfs.sh FOLDER"
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd -P)
case $1 in
  /*) out=$1 ;;
  *) out=$PWD/$1 ;;
esac
PATH=$PATH:/usr/sbin:/sbin
for tool in xtables-nft-multi xtables-legacy-multi ip; do
  command -v "$tool" >/dev/null || die "needs $tool (Debian: iptables, iproute2)"
done
# The same one for the runtime and for the bill of materials: the launcher's choice, which need be neither on the PATH nor in
# JAVA_HOME.
if [ -z "${SLUICE_JAVA_HOME:-}" ]; then
  told=$(SLUICE_JAVA_OPTS=-XshowSettings:properties "$here/../sluice" version 2>&1) || die "the launcher does not start: $told"
  SLUICE_JAVA_HOME=$(sed -n 's/^ *java\.home = //p' <<<"$told")
  export SLUICE_JAVA_HOME
fi
"$here/rootfs.sh" "$out"

# One program for each variant, which is told by its name what to do.
mkdir -p "$out/usr/sbin"
for variant in nft legacy; do
  cp -L "$(command -v "xtables-$variant-multi")" "$out/usr/sbin/xtables-$variant-multi"
  for family in iptables ip6tables; do
    for verb in "" -save -restore; do
      ln -sf "xtables-$variant-multi" "$out/usr/sbin/$family-$variant$verb"
    done
  done
done
for family in iptables ip6tables; do
  for verb in "" -save -restore; do
    ln -sf "$family-nft$verb" "$out/usr/sbin/$family$verb"
  done
done
cp -L "$(command -v ip)" "$out/usr/sbin/ip"
if command -v nft >/dev/null; then
  cp -L "$(command -v nft)" "$out/usr/sbin/nft"
fi

# Matches and targets, where the programs look for them.
modules=$(find /usr/lib /lib -type d -name xtables -not -path '*/modules/*' 2>/dev/null | head -n 1)
[ -n "$modules" ] || die "the modules of iptables are not under /usr/lib"
mkdir -p "$out$modules"
cp -L "$modules"/libxt_*.so "$modules"/libip6t_*.so "$modules"/libipt_*.so "$out$modules/"

find "$out/usr/sbin" "$out$modules" -type f -exec "$here/libraries.sh" "$out" {} +
mkdir -p "$out/run"
JAR=$SLUICE_JAVA_HOME/bin/jar "$here/sbom.sh" "$out" "${VERSION:-dev}" >"$out/opt/sluice/sbom.cdx.json"
find "$out" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" {} +
