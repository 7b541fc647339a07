# The init container: `sluice iptables apply` and the tools that it starts; no shell. Run it with NET_ADMIN and NET_RAW in the
# network namespace of the app, before the app. The context is the folder that docker/initfs.sh writes; docker/build.sh
# --init does both.
ARG BASE=scratch
FROM ${BASE}
ARG VERSION=dev
LABEL org.opencontainers.image.title="Sluice init" \
      org.opencontainers.image.description="Installs the rules that lead an app's connections to Sluice" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY . /
RUN ["/opt/sluice/jre/bin/java", "@/opt/sluice/java.options", "@/opt/sluice/train.options", "-cp", "/opt/sluice/app/sluice.jar", "dev.sluice.proxy.app.Main", "iptables", "print"]
# Rules are root's to change; nothing listens, and it ends at once.
USER 0:0
ENTRYPOINT ["/opt/sluice/jre/bin/java", "@/opt/sluice/java.options", "@/opt/sluice/cache.options", "-cp", "/opt/sluice/app/sluice.jar", "dev.sluice.proxy.app.Main"]
CMD ["iptables", "apply"]
