# The product as one image: the compose file runs it as setup, web, worker and beat.
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    CRM_DATA_DIR=/data

# Pango sets the text of presentations as PDF.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-crosextra-carlito \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.lock ./
RUN pip install --only-binary :all: --require-hashes -r requirements.lock

COPY . .
# The code is read-only to the process: byte code and translations are made here.
RUN python -m compileall -q . \
    && CRM_DATA_DIR=/tmp/build SECRET_KEY=build python manage.py check \
    && rm -rf /tmp/build \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin crm \
    && install -d -o crm -g crm /data

USER crm
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "python:upsell_crm.launch.web", "--bind", "0.0.0.0:8000", "upsell_crm.wsgi:application"]
