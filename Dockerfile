# Rekap's image: Airflow and the library from the same lock as everywhere, the repo installed editable, so that SQL,
# templates and configuration are the files you see.
FROM python:3.12-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 50000 --gid 0 --create-home --home-dir /opt/airflow rekap

ENV AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/rekap/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/rekap/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    GX_ANALYTICS_ENABLED=false \
    PYTHONUNBUFFERED=1

WORKDIR /opt/rekap
COPY requirements.txt ./
RUN pip install --no-cache-dir uv \
    && uv pip install --system --no-cache --compile-bytecode --requirement requirements.txt

COPY --chown=50000:0 . .
RUN uv pip install --system --no-cache --no-deps --editable .

USER 50000
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
