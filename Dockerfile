# docker build -t starcadence .
# docker run --rm --read-only --volume "$PWD:/programme" starcadence run

FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir --require-hashes --requirement requirements/build.txt
RUN python -m venv --without-pip /opt/starcadence \
 && python -m pip --python /opt/starcadence/bin/python install --no-cache-dir --no-deps --require-hashes --requirement requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY agent agent
COPY collectors collectors
COPY controls controls
# The wheel is built by the locked backend alone, and installed beside the locked requirements.
RUN /opt/build/bin/pip wheel --no-cache-dir --no-build-isolation --no-deps --wheel-dir dist . \
 && python -m pip --python /opt/starcadence/bin/python install --no-cache-dir --no-deps dist/*.whl \
 && /opt/starcadence/bin/python -m compileall -q /opt/starcadence/lib

FROM python:3.11-slim
COPY --from=build /opt/starcadence /opt/starcadence
# Nothing is written but what the command is asked to write, into the mounted folder: the root may be read-only.
ENV PATH=/opt/starcadence/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /programme
USER 65532:65532
ENTRYPOINT ["/opt/starcadence/bin/starcadence"]
CMD ["--help"]
