# syntax=docker/dockerfile:1
# The image of a release, for the architecture of the machine that builds it: docs/install.md, "Container image".
#     docker build -t selvage .

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
# Unpacked with the times of its files, which the class cache needs.
RUN bin/release && mkdir /opt/selvage && tar -xzf target/release/selvage-*.tar.gz -C /opt/selvage --strip-components=1

FROM debian:13-slim
RUN useradd --uid 10001 --no-create-home --home-dir /var/lib/selvage --shell /usr/sbin/nologin selvage \
    && install -d -m 700 -o selvage -g selvage /var/lib/selvage
COPY --from=build /opt/selvage /opt/selvage
RUN ln -s /opt/selvage/bin/selvage /usr/local/bin/selvage
ENV SELVAGE_DATA=/var/lib/selvage SELVAGE_HOST=0.0.0.0
USER 10001
VOLUME /var/lib/selvage
EXPOSE 8282
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["selvage", "health"]
ENTRYPOINT ["selvage"]
CMD ["serve"]
