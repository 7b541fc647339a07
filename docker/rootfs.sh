#!/usr/bin/env bash
# Puts everything that the image holds under one folder: a Java runtime of the modules that Sluice needs, the C library
# that the runtime is linked to, Sluice's jars and Netty's native code.
#
#   docker/rootfs.sh FOLDER
#
# Environment: SLUICE_JAVA_HOME, the JDK whose runtime goes in (default: the newest that is found, as the launcher's);
# BASE, the image that this is put on (default: scratch): one of its own brings the C library and the users' names;
# SOURCE_DATE_EPOCH, the time that every file gets (default: 0). The same sources and tools give the same files.
set -euo pipefail
umask 022
export LC_ALL=C
epoch=${SOURCE_DATE_EPOCH:-0}
base=${BASE:-scratch}

say() { printf 'docker/rootfs.sh: %s\n' "$*" >&2; }
die() {
  say "$@"
  exit 1
}

[ $# -eq 1 ] || die "usage: docker/rootfs.sh FOLDER"
root=$(CDPATH='' cd -- "$(dirname "$0")/.." && pwd -P)
case $1 in
  /*) out=$1 ;;
  *) out=$PWD/$1 ;; # some of what follows runs in other folders
esac
# The JDK that the launcher takes, which builds what is due.
told=$(SLUICE_JAVA_OPTS=-XshowSettings:properties "$root/sluice" version 2>&1) || die "the launcher does not start: $told"
jdk=$(sed -n 's/^ *java\.home = //p' <<<"$told")
[ -x "$jdk/bin/jlink" ] || die "$jdk has no jlink; set SLUICE_JAVA_HOME to a JDK that has it"
major=$("$jdk/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
say "$(tail -n 1 <<<"$told")"

rm -rf "$out"
mkdir -p "$out/opt/sluice/app" "$out/opt/sluice/native" "$out/etc/sluice" "$out/tmp"

# java.naming: Netty asks it for the resolver's servers. jdk.unsupported: Unsafe, for Netty's direct buffers.
# jdk.crypto.ec: keys of TLS; part of java.base from 22 on, an empty module there.
compress=2
[ "$major" -lt 21 ] || compress=zip-9
"$jdk/bin/jlink" --output "$out/opt/sluice/jre" --strip-debug --no-man-pages --no-header-files --compress "$compress" \
  --add-modules java.base,java.logging,java.naming,jdk.crypto.ec,jdk.net,jdk.unsupported

# Before 25 a cache of the jars' classes is laid on one of the JDK's own, which jlink does not make.
[ "$major" -ge 25 ] || "$out/opt/sluice/jre/bin/java" -Xshare:dump -XX:+UseSerialGC -Xlog:disable >&2

# For other JVMs, for making archives, for what no proxy sorts.
(cd "$out/opt/sluice/jre/lib" && rm -f classlist jexec jrt-fs.jar libsimdsort.so)

cp "$root"/proxy-core/target/proxy-core-*.jar "$out/opt/sluice/app/sluice.jar"
cp -R "$root/proxy-core/target/lib" "$out/opt/sluice/app/lib"

# Metrics in protobuf, which Sluice does not write: text has a jar of its own.
rm "$out"/opt/sluice/app/lib/prometheus-metrics-exposition-formats-*.jar

# Names of local variables: four megabytes of jars and of the cache of their classes.
"$jdk/bin/java" "$root/docker/StripLocals.java" "$epoch" "$out"/opt/sluice/app/sluice.jar "$out"/opt/sluice/app/lib/*.jar

# Beside the jars, not inside them: with a read-only root there is nowhere to unpack to that may be executed.
for jar in "$out"/opt/sluice/app/lib/netty-{transport-native,tcnative}-*-linux-*.jar; do
  (cd "$out/opt/sluice/native" && "$jdk/bin/jar" xf "$jar" META-INF/native && mv META-INF/native/*.so . && rm -r META-INF)
done
rm "$out"/opt/sluice/app/lib/netty-tcnative-boringssl-static-*-linux-*.jar

# Symbols that only a native debugger reads.
if command -v strip >/dev/null; then
  find "$out/opt/sluice" -name '*.so' -exec strip --strip-unneeded {} +
fi

# What the runtime and the native code are linked to, at the paths where the loader looks. Not on a base, whose C library
# would be another beside its own loader and its own bill of materials.
if [ "$base" = scratch ]; then
  find "$out/opt/sluice" \( -name '*.so' -o -path '*/bin/java' \) -exec "$root/docker/libraries.sh" "$out" {} +
  printf 'sluice:x:1337:1337::/tmp:/sbin/nologin\n' >"$out/etc/passwd"
  printf 'sluice:x:1337:\n' >"$out/etc/group"
  printf 'hosts: files dns\n' >"$out/etc/nsswitch.conf"
fi

{
  printf '%s\n' -XX:+UseSerialGC -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25 -XX:-ShrinkHeapInSteps -Dsluice.creep=2 -XX:-UsePerfData -XX:+IgnoreUnrecognizedVMOptions -XX:+ExitOnOutOfMemoryError
  printf '%s\n' -Xms24m -Xmn8m -Xmx64m -XX:MaxDirectMemorySize=32m -Dio.netty.maxDirectMemory=32505856 -XX:ReservedCodeCacheSize=48m -Xss512k
  printf '%s\n' -XX:+UnlockExperimentalVMOptions -XX:TrimNativeHeapInterval=2000
  printf '%s\n' -XX:Tier4InvocationThreshold=15000 -XX:Tier4MinInvocationThreshold=2000
  printf '%s\n' -XX:Tier4CompileThreshold=45000 -XX:Tier4BackEdgeThreshold=120000
  printf '%s\n' -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=5 -XX:-PrintWarnings
  printf '%s\n' -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8
  printf '%s\n' -Djava.library.path=/opt/sluice/native -Dio.netty.jfr.enabled=false -Djava.lang.invoke.MethodHandle.CUSTOMIZE_THRESHOLD=-1 -Dio.netty.leakDetection.level=disabled -Djdk.reflect.useNativeAccessorOnly=true
  if [ "$major" -ge 24 ]; then
    printf '%s\n' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  fi
  if [ "$major" -ge 25 ]; then
    printf '%s\n' -XX:+UseCompactObjectHeaders
  fi
} >"$out/opt/sluice/java.options"
# The build of the image trains the cache with the first of these and the image starts with the second.
if [ "$major" -ge 25 ]; then
  # Without the profiles of methods: what is compiled by them stays at a tier below C2's for ever.
  echo "-XX:AOTCacheOutput=/opt/sluice/app/sluice.cache -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -Xlog:aot*=off -Xlog:cds*=off" >"$out/opt/sluice/train.options"
  echo "-XX:AOTCache=/opt/sluice/app/sluice.cache -Xlog:aot=off -Xlog:cds=off" >"$out/opt/sluice/cache.options"
else
  echo "-XX:ArchiveClassesAtExit=/opt/sluice/app/sluice.cache -Xlog:cds*=off" >"$out/opt/sluice/train.options"
  echo "-XX:SharedArchiveFile=/opt/sluice/app/sluice.cache -Xshare:auto -Xlog:cds=off" >"$out/opt/sluice/cache.options"
fi
# For health checks and hooks: as little as such a process needs, beside the proxy and within its limit. Without the cache, of
# which the JVM writes every page where it is mapped: 40 MiB of memory that is not shared instead of 16, for 20 ms.
echo "-Xms6m -Xmn2m -Xmx12m -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=8m -Xss256k -Xlog:cds=off" \
  >"$out/opt/sluice/wait.options"
JAR=$jdk/bin/jar "$root/docker/sbom.sh" "$out" "${VERSION:-dev}" >"$out/opt/sluice/sbom.cdx.json"
# Class archives know their jars by time and size.
find "$out" -exec touch -h -d "@$epoch" {} +
chmod 1777 "$out/tmp"
say "$(du -sh "$out" | cut -f1) in $out, JDK $major"
