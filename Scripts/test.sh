#!/bin/sh
# Builds AtomFlow for release, runs all tests, and asks for their coverage of Sources.
# Usage: Scripts/test.sh [options for swift test]
set -eu

lowest=95

cd "$(dirname "$0")/.."
sh Scripts/dependencies.sh
sh Scripts/python-environment.sh || true

swift build -c release
swift test --enable-code-coverage "$@"

# Lines of the files under Sources, from the JSON that the test run has written.
report=$(swift test --show-codecov-path)
swift Scripts/coverage.swift "$report" "$PWD/Sources/" "$lowest"
