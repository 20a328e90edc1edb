# docker build -t starcadence .
# docker build -t starcadence --build-arg EXTRAS="gcp object-stores" .
# docker run --rm --read-only --volume "$PWD:/programme" starcadence run
#
# Both stages stand on the same base; name it by digest to build the same image again: --build-arg BASE=python@sha256:...
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
# Extras of pyproject.toml, apart by spaces; each has a lock of its name under requirements/.
ARG EXTRAS=""
WORKDIR /src
COPY requirements requirements
RUN python -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir --require-hashes --requirement requirements/build.txt
RUN python -m venv --without-pip /opt/starcadence \
 && for lock in runtime ${EXTRAS}; do \
      python -m pip --python /opt/starcadence/bin/python install --no-cache-dir --no-deps --require-hashes --requirement "requirements/$lock.txt" || exit 1; \
    done
COPY pyproject.toml README.md LICENSE ./
COPY agent agent
COPY collectors collectors
COPY controls controls
# The wheel is built by the locked backend alone, and installed beside the locked requirements.
RUN /opt/build/bin/pip wheel --no-cache-dir --no-build-isolation --no-deps --wheel-dir dist . \
 && python -m pip --python /opt/starcadence/bin/python install --no-cache-dir --no-deps dist/*.whl \
 && /opt/starcadence/bin/python -m compileall -q /opt/starcadence/lib
# What is in the image besides its base, as CycloneDX, where scanners look for it.
COPY deploy/image/sbom.py ./
RUN /opt/starcadence/bin/python sbom.py requirements > /opt/starcadence/sbom.cdx.json \
 && install --directory --mode=0755 /made/scratch

FROM ${BASE}
COPY --from=build /opt/starcadence /opt/starcadence
COPY --from=build --chown=65532:65532 /made /
# Nothing is written but what the command is asked to write, into the mounted folder, and bundles in the making: the root may be read-only.
ENV PATH=/opt/starcadence/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 TMPDIR=/scratch
VOLUME /scratch
WORKDIR /programme
USER 65532:65532
# No shell and no script stand between: signals reach the agent, and it can be process 1.
ENTRYPOINT ["/opt/starcadence/bin/starcadence"]
CMD ["--help"]
