# Rekap's image: Airflow and the library from the same lock as everywhere, the repo installed editable, so that SQL,
# templates and configuration are the files you see. `docker build .` makes the one for production; `--target sandbox`
# adds what the twin of Basecamp, Google and the mail server needs.
FROM python:3.12-slim-bookworm AS base

RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 50000 --gid 0 --create-home --home-dir /opt/airflow rekap \
    && pip install --no-cache-dir uv

ENV AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/rekap/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/rekap/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    GX_ANALYTICS_ENABLED=false \
    PYTHONUNBUFFERED=1

WORKDIR /opt/rekap
COPY requirements.txt ./
RUN uv pip install --system --no-cache --compile-bytecode --requirement requirements.txt

COPY . .
RUN uv pip install --system --no-cache --no-deps --editable . \
    && python -m compileall -q dags include plugins local sandbox

ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]

FROM base AS sandbox
# Of the development lock only what the twin imports.
RUN uv pip install --system --no-cache --constraint requirements.txt --constraint requirements-dev.txt aiosmtpd
USER 50000

FROM base AS production
USER 50000
