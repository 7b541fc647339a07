#!/usr/bin/env bash
# What is in a root file system, as CycloneDX 1.5: jars with their Maven coordinates, the Java runtime, and libraries by file.
# The same folder gives the same text.
#
#   docker/sbom.sh FOLDER VERSION >sbom.cdx.json
#
# Environment: JAR, the `jar` tool (default: that of the PATH).
set -euo pipefail

root=$1
version=$2
jar=${JAR:-jar}
command -v "$jar" >/dev/null || {
  echo "docker/sbom.sh: there is no $jar; without it no jar's coordinates are known" >&2
  exit 1
}

sum() { sha256sum "$1" | cut -d' ' -f1; }

component() { # TYPE GROUP NAME VERSION PURL FILE
  printf '%s    {"type":"%s","group":"%s","name":"%s","version":"%s"' "$separator" "$1" "$2" "$3" "$4"
  [ -z "$5" ] || printf ',"purl":"%s"' "$5"
  printf ',"hashes":[{"alg":"SHA-256","content":"%s"}]}' "$(sum "$6")"
  separator=$',\n'
}

printf '{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.5",\n  "version": 1,\n'
printf '  "metadata": {"component": {"type":"application","group":"dev.sluice","name":"sluice","version":"%s"}},\n' "$version"
printf '  "components": [\n'
separator=
while read -r file; do
  properties=$("$jar" tf "$file" | grep -E '^META-INF/maven/.*/pom\.properties$' | head -n 1 || true)
  base=$(basename "$file" .jar)
  group= name=$base at=
  if [ -n "$properties" ]; then
    folder=$(mktemp -d)
    (cd "$folder" && "$jar" xf "$(readlink -f "$file")" "$properties")
    group=$(sed -n 's/^groupId=\([^[:cntrl:]]*\).*/\1/p' "$folder/$properties")
    name=$(sed -n 's/^artifactId=\([^[:cntrl:]]*\).*/\1/p' "$folder/$properties")
    at=$(sed -n 's/^version=\([^[:cntrl:]]*\).*/\1/p' "$folder/$properties")
    rm -r "$folder"
  fi
  component library "$group" "$name" "$at" "${group:+pkg:maven/$group/$name@$at}" "$file"
done < <(find -L "$root/opt/sluice/app" -name '*.jar' | LC_ALL=C sort)
component platform "" java-runtime "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$root/opt/sluice/jre/release")" "" \
  "$root/opt/sluice/jre/release"
while read -r file; do
  component file "" "${file#"$root"}" "" "" "$file"
done < <(find "$root/lib" "$root/lib64" "$root/usr" "$root/opt/sluice/native" -type f 2>/dev/null | LC_ALL=C sort)
printf '\n  ]\n}\n'
