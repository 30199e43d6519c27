FROM python:3.11-slim
WORKDIR /yarmarka
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN python tools/compile_messages.py && useradd --system yarmarka && mkdir -p var && chown yarmarka var
USER yarmarka
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000"]
