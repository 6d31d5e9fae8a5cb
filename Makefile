CONFIGURATION ?= Release

.PHONY: build test bench clean

build: ## Everything, warnings as errors.
	dotnet build Alcor.slnx -c $(CONFIGURATION) -v q -nodeReuse:false

test: ## Everything that can be checked here; SUITES="Tidy Ovsdb" chooses.
	@CONFIGURATION=$(CONFIGURATION) eng/test.sh

bench: ## The figures; CASES="http store" chooses, ARGUMENTS="--seconds 10" goes to the benchmark.
	@CASES="$(CASES)" eng/bench.sh $(ARGUMENTS)

clean: ## What a build or a run leaves.
	rm -rf artifacts src/*/bin src/*/obj test/*/bin test/*/obj bench/*/bin bench/*/obj
