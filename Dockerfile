# One image for web, workers, beat and the migrate job.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ENVIRONMENT=production
WORKDIR /app
RUN useradd --system --home-dir /app --shell /usr/sbin/nologin crm \
    && mkdir -p /var/lib/crm/media /var/lib/crm/beat \
    && chown -R crm /var/lib/crm

COPY requirements-production.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements-production.txt

COPY . .
# Settings refuse to start without these; what is built here uses none of them.
RUN pybabel compile -d locale -D django \
    && SECRET_KEY=build DIGEST_KEY=build DATABASE_URL=postgresql://build/build REDIS_URL=redis://build \
       python manage.py collectstatic --noinput --verbosity 0

USER crm
EXPOSE 8000
CMD ["gunicorn", "collections_crm.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4"]
