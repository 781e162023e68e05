# One image for every process of Paperlane; which process it is, the command decides:
#   python -m gateway.app | services.auth.app | services.files.app | services.documents.app
#   python -m services.auth.worker | services.files.worker | services.documents.worker | services.extraction.worker
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS packages
RUN python -m venv /opt/paperlane
COPY requirements/runtime.txt /tmp/runtime.txt
# Wheels only: a source distribution would run its build code here and need a compiler.
RUN /opt/paperlane/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r /tmp/runtime.txt

FROM ${PYTHON}
# OMP_THREAD_LIMIT: Tesseract with threads of its own is many times slower as soon as two pages are read at once.
ENV PATH=/opt/paperlane/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMP_THREAD_LIMIT=1
WORKDIR /srv/paperlane
COPY --from=packages /opt/paperlane /opt/paperlane
COPY shared shared
COPY services services
COPY gateway gateway
# The root file system is read-only at run time, so bytecode is written now. The import proves that the shared
# libraries of extraction are there (libseccomp.so.2 comes with Debian's apt).
RUN python -m compileall -q shared services gateway && python -c "import pyseccomp, services.extraction.adapters.reading.ocr"
# For the volume that comes here.
RUN mkdir -p /var/lib/paperlane/audit && chown 10001:10001 /var/lib/paperlane/audit
# A number, because Kubernetes cannot tell from a name that it is not root.
USER 10001:10001
CMD ["python", "-m", "gateway.app"]
