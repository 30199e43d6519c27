# The commands of Yarmarka. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo load test test-services check messages bench chaos fuzz

# One command starts many processes: each reads what the first has compiled.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
RUNTIME = @python=$$(sh tools/python.sh) && "$$python" tools/bootstrap.py runtime
DEV = @python=$$(sh tools/python.sh) && "$$python" tools/bootstrap.py dev

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | sort | while IFS="$$(printf '\t')" read -r name text; do printf 'make %-15s %s\n' "$$name" "$$text"; done

demo:  ## everything on this machine: install, load the demo fair, serve until Ctrl-C (PORT=8010 picks the port)
	@python=$$(sh tools/python.sh) && exec "$$python" -m demo.run

load:  ## install and load the demo fair, without the servers
	$(RUNTIME)
	@$(PY) -m demo.load

test:  ## the whole suite on the embedded defaults; no server needed
	$(DEV)
	@$(PY) -m tools.run_tests embedded

test-services:  ## the same suite on PostgreSQL and Redis (DATABASE_URL, REDIS_URL)
	$(DEV)
	@$(PY) -m tools.run_tests services

check:  ## lint, types, dependencies, import direction, migrations, translations, API schema
	$(DEV)
	@$(PY) -m tools.check

messages:  ## refresh the message files (locale/*/*.po) from the code
	$(DEV)
	@$(PY) -m tools.messages refresh

bench:  ## measure: var/bench.json (ONLY=name runs those whose name begins so)
	$(DEV)
	@$(PY) -m tools.require postgresql redis && $(PY) -m benchmarks

chaos:  ## race many clients and kill what they need: var/chaos.json (ONLY=name runs those whose name begins so)
	$(DEV)
	@$(PY) -m tools.require postgresql redis && $(PY) -m chaos

fuzz:  ## thousands of made-up requests at every operation of the API (EXAMPLES=1000 for each)
	$(DEV)
	@FUZZ_EXAMPLES=$${EXAMPLES:-1000} $(PY) -m tools.run_tests fuzz
