CONFIGURATION ?= Release

LISTEN ?= http://127.0.0.1:9696
NAME ?= demo

.PHONY: build test bench demo demo-down demo-memory clean

build: ## Everything, warnings as errors.
	dotnet build Alcor.slnx -c $(CONFIGURATION) -v q -nodeReuse:false

test: ## Everything that can be checked here; SUITES="Tidy Ovsdb" chooses.
	@CONFIGURATION=$(CONFIGURATION) eng/test.sh

bench: ## The figures; CASES="http store" chooses, ARGUMENTS="--seconds 10" goes to the benchmark.
	@CASES="$(CASES)" eng/bench.sh $(ARGUMENTS)

demo: ## Two hosts with real Open vSwitch, three machines, every ping; leaves it running. LISTEN= says where the API is.
	@CONFIGURATION=$(CONFIGURATION) eng/demo.sh up --name $(NAME) --listen $(LISTEN)

demo-down: ## Removes what "make demo" left running, or a crash of it.
	@CONFIGURATION=$(CONFIGURATION) eng/demo.sh down --name $(NAME)

demo-memory: ## The same on the in-memory data plane, without root; KEEP=1 keeps the API up.
	@CONFIGURATION=$(CONFIGURATION) eng/demo.sh memory --listen $(LISTEN) $(if $(KEEP),--keep)

clean: ## What a build or a run leaves.
	rm -rf artifacts src/*/bin src/*/obj test/*/bin test/*/obj bench/*/bin bench/*/obj demo/*/bin demo/*/obj
