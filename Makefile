# The ways in. `make` alone lists them; the work itself is in scripts/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

# Folders too: their time changes when a file is added or removed.
SOURCES := Cargo.toml Cargo.lock rust-toolchain.toml .cargo/config.toml $(shell find $(wildcard app frontend kit learn server public style) -not -name '.*')

.PHONY: help run dev dist test faults prove fmt lint bench bench-peers setup-build setup-lint setup-test setup-bench clean

help: ## List these commands
	@awk -F ': .*## ' '/^[a-z0-9-]+: .*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: dist/monban ## Install what is missing, build, and serve on http://localhost:3000; TLS=1: on https
	@scripts/run.sh $(TLS)

dev: setup-build ## The same, rebuilt and reloaded at every change
	cargo leptos watch

dist: dist/monban ## Build dist/monban: the whole product in one file

test: setup-test ## Install what is missing, and run every check and test
	@scripts/test.sh

faults: setup-test ## Break the network, the database, the disk and the server itself, for minutes
	@scripts/faults.sh

prove: setup-test ## Play 10,000 schedules of races, losses, kills and thieves on each engine; takes ten minutes
	@scripts/prove.sh

fmt: setup-lint ## Format the code
	cargo fmt --all

lint: setup-lint ## Format check, clippy, rustdoc and TypeScript only
	@scripts/test.sh lint

bench: setup-bench dist/monban ## Measure the figures that the README states
	cargo bench -p monban --bench figures

bench-peers: setup-bench dist/monban ## Measure better-auth and axum-login beside it
	@scripts/peers.sh
	cargo bench -p monban --bench figures -- peers

clean: ## Remove what was built; the data in data/ stays
	rm -rf dist target end2end/test-results examples/*/target peers/*/target

dist/monban: $(SOURCES) | setup-build
	@scripts/build.sh

setup-build setup-lint setup-test setup-bench: setup-%:
	@scripts/setup.sh $*
