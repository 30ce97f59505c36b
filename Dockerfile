# The server as an image:
#
#   docker build -t mock-mindvideo .
#   docker run --rm -p 8080:8080 -v mock-data:/data mock-mindvideo serve --admin-token s3cret
#
# It runs as a user without rights, with a root that may be read-only; only /data is written.
FROM debian:bookworm-slim AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN python3 -m venv /opt/mock-mindvideo \
 && /opt/mock-mindvideo/bin/pip install --no-cache-dir --constraint /src/.ci/constraints.txt '/src[media,redis,otel]'

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin mock \
 && install --directory --owner mock --group mock /data
COPY --from=build /opt/mock-mindvideo /opt/mock-mindvideo
ENV PATH=/opt/mock-mindvideo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    MOCK_MINDVIDEO_HOST=0.0.0.0 \
    MOCK_MINDVIDEO_STORE=sqlite:////data/mock.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s \
  CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/_mock/ready' % os.environ.get('MOCK_MINDVIDEO_PORT', '8080'), timeout=2)"]
ENTRYPOINT ["mock-mindvideo"]
CMD ["serve"]
