# The init container: `sluice iptables apply` and the tools that it starts; no shell. Run it with NET_ADMIN and NET_RAW in the
# network namespace of the app, before the app.
#
#   docker/build.sh --init
#   docker build -f docker/init.Dockerfile -t sluice-init:dev .
ARG BUILDER=docker.io/library/maven:3.9-eclipse-temurin-25
ARG FILES=build
ARG BASE=scratch

# As in docker/Dockerfile: built here …
FROM ${BUILDER} AS build
RUN apt-get update && apt-get install -y --no-install-recommends binutils iproute2 iptables nftables
WORKDIR /src
COPY . .
ARG VERSION=dev
ARG SOURCE_DATE_EPOCH=0
ARG BASE
RUN docker/initfs.sh /rootfs

# … or on the host before.
FROM scratch AS host
COPY rootfs /rootfs

FROM ${FILES} AS files

FROM ${BASE} AS trained
COPY --from=files /rootfs /
RUN ["/opt/sluice/jre/bin/java", "@/opt/sluice/java.options", "@/opt/sluice/train.options", "-cp", "/opt/sluice/app/sluice.jar", "dev.sluice.proxy.app.Main", "iptables", "print"]

FROM ${BASE}
ARG VERSION=dev
LABEL org.opencontainers.image.title="Sluice init" \
      org.opencontainers.image.description="Installs the rules that lead an app's connections to Sluice" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=files /rootfs /
COPY --from=trained /opt/sluice/app/sluice.cache /opt/sluice/app/sluice.cache
# Rules are root's to change; nothing listens, and it ends at once.
USER 0:0
ENTRYPOINT ["/opt/sluice/jre/bin/java", "@/opt/sluice/java.options", "@/opt/sluice/cache.options", "-cp", "/opt/sluice/app/sluice.jar", "dev.sluice.proxy.app.Main"]
CMD ["iptables", "apply"]
