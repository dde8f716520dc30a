# The one entry point. `make` lists what there is; every target does the set-up it needs.
#
#   make demo ONCE=1          the tour only, with an exit code
#   make run ARGS='--port 4000 --data-dir /srv/belvedere'
#   make bench ARGS='ingest'
#   SOAK_SEED=17 SCENARIO=gaps ENGINE=postgres make soak
#   make mutants MUTANT=records-rev-not-compared

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
NETWORK := peers/atproto-network
CLIENTS := peers/clients
SYNC_CLIENTS := peers/sync
S3 := peers/s3
FEDIVERSE := peers/activitypub
MASTODON := peers/mastodon-client
ADMIN_CLIENT := clients/typescript
WEB := web

# A development build compiles in half the time of a release build; once there is a release build, it is kept current.
PROFILE := $(if $(wildcard $(TARGET_DIR)/release/belvedere),release,dev)
BUILT := $(TARGET_DIR)/$(if $(filter release,$(PROFILE)),release,debug)/belvedere
# A program that is given is used as it is.
BELVEDERE ?=

# Native modules fit one version of Node's binary interface: another Node means another installation.
NODE_ABI := $(shell node -p process.versions.modules 2>/dev/null || echo none)
NODE_DIR := $(shell node -p 'path.resolve(process.execPath, "../..")' 2>/dev/null)
NODE_MODULES := $(NETWORK)/node_modules/.installed-for-node-abi-$(NODE_ABI)
# These have no native modules.
CLIENT_MODULES := $(CLIENTS)/node_modules/.installed
SYNC_CLIENT_MODULES := $(SYNC_CLIENTS)/node_modules/.installed
S3_MODULES := $(S3)/node_modules/.installed
FEDIVERSE_MODULES := $(FEDIVERSE)/node_modules/.installed
MASTODON_MODULES := $(MASTODON)/node_modules/.installed
ADMIN_CLIENT_MODULES := $(ADMIN_CLIENT)/node_modules/.installed
WEB_MODULES := $(WEB)/node_modules/.installed
WEB_APP := $(WEB)/dist/index.html
# What the web app is made of: it is built again when something of it has changed.
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/tools lexicons -type f 2>/dev/null) $(wildcard $(WEB)/*.json $(WEB)/*.ts $(WEB)/*.mjs $(WEB)/*.html) \
    $(ADMIN_CLIENT)/src/schema.ts
# Without the prebuilt module better-sqlite3 is compiled, against Node's headers where they are installed.
ifneq ($(wildcard $(NODE_DIR)/include/node/node.h),)
export npm_config_nodedir ?= $(NODE_DIR)
endif
PRETTIER := $(NETWORK)/node_modules/.bin/prettier --config peers/.prettierrc.json --log-level warn
PRETTY := '{peers,clients}/**/*.{mjs,ts,json}' 'lexicons/**/*.json' '!**/package*.json' '!$(ADMIN_CLIENT)/{src/schema.ts,dist/**}'

FUZZ_SECONDS ?= 60

step = @printf '\n\033[1m▸ %s\033[0m\n' '$(1)'
ifeq ($(MAKE_TERMOUT),)
step = @printf '\n▸ %s\n' '$(1)'
endif

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##
## Running

.PHONY: demo
demo: tools $(NODE_MODULES) $(if $(BELVEDERE),,$(WEB_APP)) ## A tour of Belvedere on a real network of its own (ONCE=1: check every answer and end)
ifeq ($(BELVEDERE),)
	$(call step,Building Belvedere (profile $(PROFILE); about five minutes the first time))
	@cargo build --locked --profile $(PROFILE) -p belvedere
endif
	@exec node peers/demo/main.mjs --belvedere '$(or $(BELVEDERE),$(BUILT))' $(if $(filter-out 0,$(ONCE)),--once)

.PHONY: run
run: $(WEB_APP) ## Serve against the public network (ARGS: options of `belvedere serve`)
	$(call step,Building Belvedere (profile $(PROFILE)))
	@cargo build --locked --profile $(PROFILE) -p belvedere
	@exec '$(BUILT)' serve $(ARGS)

.PHONY: web
web: $(WEB_APP) ## Build the web app, which the next build of the server takes in

##
## Testing

.PHONY: test
test: setup check $(WEB_APP) ## Everything that must pass: checks, the test network, the demo, and all tests on both databases
	$(call step,Building the workspace and its tests)
	@cargo build --locked --workspace --all-targets
	$(call step,Testing the test network and the demo driver)
	@cd $(NETWORK) && npm test --silent
	@cd peers/demo && npm test --silent
	$(call step,Testing the admin client against a server)
	@cd $(ADMIN_CLIENT) && BELVEDERE='$(abspath $(TARGET_DIR))/debug/belvedere' npm test --silent
	$(call step,Testing the web app in a browser)
	@cd $(WEB) && npm test --silent
	@cd $(WEB) && BELVEDERE='$(abspath $(TARGET_DIR))/debug/belvedere' npm run --silent e2e
	$(call step,Taking the tour of the demo)
	@$(MAKE) demo ONCE=1 BELVEDERE='$(TARGET_DIR)/debug/belvedere'
	$(call step,Running the examples in the documentation)
	@cargo test --locked --workspace --doc --quiet
	$(call step,Running the tests on SQLite and PostgreSQL)
	@scripts/with-services scripts/run-tests --locked --workspace

.PHONY: check
check: $(NODE_MODULES) $(ADMIN_CLIENT_MODULES) $(WEB_MODULES) components ## Formatting, lints, and rules for dependencies
	$(call step,Checking the formatting)
	@cargo fmt --all --check
	@$(PRETTIER) --check $(PRETTY)
	$(call step,Checking that the admin client is current)
	@cd $(ADMIN_CLIENT) && npm run --silent check
	$(call step,Checking the web app)
	@cd $(WEB) && npm run --silent check
	$(call step,Linting)
	@cargo clippy --locked --workspace --all-targets -- -D warnings
	@if type -P shellcheck >/dev/null; then shellcheck scripts/{dist,install-deps,run-tests,with-services} .ci/run; else echo 'SKIPPED: shellcheck is not installed.'; fi
	$(call step,Checking the dependencies)
	@tree=$$(cargo tree --locked --workspace --target all --edges all --invert ring 2>/dev/null || true); \
	if [ -n "$$tree" ]; then echo "$$tree"; echo 'ring must not be a dependency: use aws-lc-rs'; exit 1; fi
	@if cargo deny --version >/dev/null 2>&1; then \
	    cargo deny --log-level error --locked check bans licenses sources; \
	else \
	    echo 'SKIPPED: cargo-deny is not installed, so licences, bans and sources are not checked.'; \
	    echo '         cargo install --locked cargo-deny'; \
	fi

.PHONY: soak
soak: ## Every scenario with SEEDS=100 seeds on both databases (SOAK_SEED, SCENARIO, ENGINE: some of it; JOBS=3 at a time)
	$(call step,Building the program and the rig)
	@cargo build --locked -p belvedere -p soak
	@exec scripts/with-services '$(TARGET_DIR)/debug/soak'

.PHONY: mutants
mutants: ## Make each mistake of the catalogue and see that a test notices (MUTANT=NAME: that one only)
	$(call step,Building the tests that must notice)
	@cargo build --locked -p mutants
	@scripts/with-services '$(TARGET_DIR)/debug/mutants' $(MUTANT)

.PHONY: bench
bench: ## Measure the release build against the limits of this machine (ARGS: what, and options; default all)
	$(call step,Building for release (a quarter of an hour the first time))
	@cargo build --locked --release -p belvedere -p bench
	@exec '$(TARGET_DIR)/release/bench' $(or $(ARGS),all)

.PHONY: fuzz
fuzz: ## Fuzz every parser of foreign bytes, FUZZ_SECONDS=60 each (needs a nightly compiler and cargo-fuzz)
	@cargo +nightly fuzz --version >/dev/null 2>&1 || { \
	    echo 'needs a nightly compiler and cargo-fuzz:'; \
	    echo '  rustup toolchain install nightly && cargo install --locked cargo-fuzz'; exit 1; }
	@for target in $$(cargo +nightly fuzz list); do \
	    printf '\n▸ Fuzzing %s for %s s\n' "$$target" $(FUZZ_SECONDS); \
	    cargo +nightly fuzz run "$$target" -- -max_total_time=$(FUZZ_SECONDS); \
	done

##
## Shipping

.PHONY: dist
dist: $(WEB_APP) ## A release archive that needs nothing but a C library, in target/dist
	$(call step,Building what is shipped (half an hour the first time))
	@cargo build --locked --profile dist -p belvedere
	@scripts/dist '$(TARGET_DIR)/dist/belvedere' '$(TARGET_DIR)/dist'

##
## Keeping house

.PHONY: setup
setup: components $(NODE_MODULES) $(CLIENT_MODULES) $(SYNC_CLIENT_MODULES) $(S3_MODULES) $(FEDIVERSE_MODULES) $(MASTODON_MODULES) $(ADMIN_CLIENT_MODULES) $(WEB_MODULES) ## Install what building and testing need
	$(call step,Looking for what the tests need)
	@scripts/install-deps $$(type -P curl >/dev/null || echo curl) || { \
	    [ "$${CI:-}" != true ] && echo 'Going on without: the tests that need them say that they are skipped.'; }

.PHONY: fmt
fmt: $(NODE_MODULES) $(WEB_MODULES) components ## Format all code
	@cargo fmt --all
	@$(PRETTIER) --write $(PRETTY)
	@cd $(WEB) && npm run --silent fmt

.PHONY: clean
clean: ## Remove everything that was built or installed here
	@cargo clean
	@rm -rf {$(NETWORK),$(CLIENTS),$(SYNC_CLIENTS),$(S3),$(FEDIVERSE),$(MASTODON)}/node_modules $(ADMIN_CLIENT)/{node_modules,dist} $(WEB)/node_modules
	@find $(WEB)/dist -mindepth 1 ! -name .gitignore -delete

# What the demo needs beside Rust and Node. (The servers that the tests need are not among it.)
.PHONY: tools
tools:
	@for tool in c++ cc curl python3; do \
	    type -P $$tool >/dev/null || exec scripts/install-deps $$(type -P curl >/dev/null || echo curl); \
	done

.PHONY: node
node:
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { \
	    echo 'Node.js 20 or newer is needed: https://nodejs.org'; exit 1; }

# A minimal Rust installation comes without them.
.PHONY: components
components:
	@cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
	@cargo clippy --version >/dev/null 2>&1 || rustup component add clippy

$(NODE_MODULES): $(NETWORK)/package.json $(NETWORK)/package-lock.json | tools node
	$(call step,Installing the packages of the test network)
	@cd $(NETWORK) && npm ci --ignore-scripts
	$(call step,Building SQLite for Node (a minute or more where no finished one can be downloaded))
	@cd $(NETWORK) && CFLAGS=-w CXXFLAGS=-w npm rebuild better-sqlite3 --foreground-scripts --loglevel=warn
	@touch $@

$(CLIENT_MODULES): $(CLIENTS)/package.json $(CLIENTS)/package-lock.json | node
	$(call step,Installing the clients that the tests try)
	@cd $(CLIENTS) && npm ci --ignore-scripts
	@touch $@

# Some of what it needs optionally is not published for every platform, which `npm ci` does not forgive.
$(SYNC_CLIENT_MODULES): $(SYNC_CLIENTS)/package.json $(SYNC_CLIENTS)/package-lock.json | node
	$(call step,Installing the clients of the sync app)
	@cd $(SYNC_CLIENTS) && npm install --no-save --ignore-scripts --loglevel=error
	@touch $@

$(FEDIVERSE_MODULES): $(FEDIVERSE)/package.json $(FEDIVERSE)/package-lock.json | node
	$(call step,Installing a server of the fediverse)
	@cd $(FEDIVERSE) && npm ci --ignore-scripts
	@touch $@

$(MASTODON_MODULES): $(MASTODON)/package.json $(MASTODON)/package-lock.json | node
	$(call step,Installing a client of the Mastodon API)
	@cd $(MASTODON) && npm ci --ignore-scripts
	@touch $@

$(S3_MODULES): $(S3)/package.json $(S3)/package-lock.json | node
	$(call step,Installing a service that speaks S3)
	@cd $(S3) && npm ci --ignore-scripts
	@touch $@

$(ADMIN_CLIENT_MODULES): $(ADMIN_CLIENT)/package.json $(ADMIN_CLIENT)/package-lock.json | node
	$(call step,Installing what the admin client is made with)
	@cd $(ADMIN_CLIENT) && npm ci --ignore-scripts
	@touch $@

$(WEB_MODULES): $(WEB)/package.json $(WEB)/package-lock.json | node
	$(call step,Installing what the web app is made with)
	@cd $(WEB) && npm ci --ignore-scripts
	@touch $@

$(WEB_APP): $(WEB_MODULES) $(WEB_SOURCES)
	$(call step,Building the web app)
	@cd $(WEB) && npm run --silent build
	@touch $@
