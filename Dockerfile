# The product without its servers: PostgreSQL and Redis stand beside it (docker-compose.yml).
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=emergency.settings \
    DATA_DIR=/data \
    PATH=/app/.venv/bin:$PATH
WORKDIR /app

# System libraries, the locked packages with their hashes and their bytecode: the same
# set-up as on any machine, kept as one layer while the lock stays the same.
COPY requirements.lock requirements-dev.lock ./
COPY emergency/__init__.py emergency/__init__.py
COPY emergency/launcher emergency/launcher
RUN PYTHONDONTWRITEBYTECODE= python3 -m emergency.launcher setup \
    && rm -rf /var/lib/apt/lists/* /root/.cache

# The code, its bytecode and its compiled translations.
COPY . .
RUN python3 -m emergency.launcher setup \
    && python -m compileall -q billing emergency status \
    && useradd --system --uid 10001 --home-dir /data emergency \
    && mkdir -p /data \
    && chown -R emergency: /data

USER emergency
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "5", "--log-level", "warning", "emergency.wsgi:application"]
