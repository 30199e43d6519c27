#!/bin/sh
# Prints the path of a Python that is new enough and has venv, or says in one line what to install.
newest=
for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
    found=$(command -v "$name") || continue
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    newest=${newest:-$version}
    "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
    newest=$version
    "$found" -c 'import ensurepip, venv' 2>/dev/null && { echo "$found"; exit 0; }
    missing_venv=$version
done
if [ -n "$missing_venv" ]; then
    echo "Python $missing_venv has no venv: install it (Debian, Ubuntu: apt-get install python$missing_venv-venv)." >&2
elif [ -n "$newest" ]; then
    echo "Python $newest is too old: install Python 3.11 or newer with its venv (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv)." >&2
else
    echo "Python is missing: install Python 3.11 or newer with its venv (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv)." >&2
fi
exit 1
