# Two commands are enough: `make demo` and `make test`. Both install what is missing on a fresh Debian machine.
.PHONY: demo test setup check format lock generate web bench clean

CANDIDATES ?= 0
demo: ## a complete examination with sample data, addresses and accounts printed; CANDIDATES=3 adds candidates in real browsers
	scripts/setup $(if $(filter-out 0,$(CANDIDATES)),test,demo)
	.venv/bin/invigil demo --with-candidates $(CANDIDATES)

test: ## everything: checks, unit, integration on SQLite and PostgreSQL, faults, browsers
	scripts/setup test
	scripts/check
	.venv/bin/pytest -n 2 --dist loadscope

check: ## the quick part: format, lint, types, import rules, generated files, front ends
	scripts/setup test
	scripts/check

format: ## format everything
	.venv/bin/ruff format src tests
	.venv/bin/ruff check --fix-only src tests

generate: ## write what is generated from the code: reference pages, the management client and the socket types
	scripts/write-reference
	.venv/bin/invigil openapi web/packages/api/openapi.json
	.venv/bin/invigil protocol web/packages/protocol/src/generated.ts
	npm --prefix web run -s api

lock: ## renew the locked requirements
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements/runtime.in -o requirements/runtime.txt
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements/dev.in -o requirements/dev.txt
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements/uv.in -c requirements/dev.txt -o requirements/uv.txt
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements/object-store.in -o requirements/object-store.txt

clean: ## forget what was built; records in var/ stay
	rm -rf build web/apps/*/dist .mypy_cache .ruff_cache
