# Thin: each target installs what is missing and calls one script. `make` alone builds.
.PHONY: build run test test-slow bench check check-slow prove fuzz coverage install clean

build:
	@tool/install-packages build
	@tool/build release programs
	@echo "built: build/forvar build/forvar-verify"

run: build
	@tool/run

test:
	@tool/install-packages build test
	@test/run

test-slow:
	@tool/install-packages build test slow
	@test/run --slow

bench:
	@tool/install-packages build test
	@bench/run $(ARGS)

check:
	@tool/install-packages build check
	@tool/check

check-slow:
	@tool/install-packages build check
	@tool/check --slow

prove:
	@tool/install-packages build proof
	@proof/run

fuzz:
	@tool/install-packages build test
	@fuzz/run $(ARGS)

coverage:
	@tool/install-packages build test slow
	@tool/coverage

install: build
	@meson install -C build --no-rebuild

clean:
	@rm -rf build
