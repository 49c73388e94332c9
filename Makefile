# The two commands that a newcomer needs are `make demo` and `make test`.
# BUILD is where compiled code goes; a fixed folder outside the clone is reused by the next clone on the same machine.
BUILD ?= .build
VENV ?= .venv
PORT ?= 8080
DATA ?= data/demo
SWIFT = swift
export BUILD VENV

.PHONY: demo test test-swift test-browser test-faults bench bench-full lint format tools clean

demo: ## Installs what is missing, builds in release, creates the demo city and opens it.
	Scripts/install build
	$(SWIFT) build -c release --product balai --scratch-path $(BUILD)-release
	exec $(BUILD)-release/release/balai demo --port $(PORT) --data $(DATA)

test: ## Installs what is missing and runs every test.
	Scripts/install build test
	$(SWIFT) build --build-tests --scratch-path $(BUILD)
	$(SWIFT) test --skip-build --scratch-path $(BUILD)
	$(VENV)/bin/python -m pytest -q -n 2 --dist loadfile Tests --ignore Tests/Drills/test_traps.py
	# By itself: both engines side by side, each for minutes.
	$(VENV)/bin/python -m pytest -q -n 2 Tests/Drills/test_traps.py

bench: ## The quick set of measurements, at most five minutes.
	Scripts/install build test
	$(SWIFT) build -c release --product balai --scratch-path $(BUILD)-release
	$(VENV)/bin/python Benchmarks/bench.py --binary $(BUILD)-release/release/balai

bench-full: ## The same over a million cases, with the growth table.
	Scripts/install build test
	$(SWIFT) build -c release --product balai --scratch-path $(BUILD)-release
	$(VENV)/bin/python Benchmarks/bench.py --binary $(BUILD)-release/release/balai --full

lint: ## Format and rules of our own.
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift
	Scripts/soundness

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

clean:
	rm -rf $(BUILD) $(BUILD)-release
