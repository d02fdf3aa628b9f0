# Short names for the scripts; nothing is decided here.
.PHONY: example test lint format docs bench lab lab-level2 lab-level3 lab-soak
example: ; scripts/example.sh
test: ; scripts/test.sh
lint: ; scripts/lint.sh
# Writes again what is generated or pasted: golden files, docs/rules, docs/topology-reference.md, schemas, output in the pages.
docs: ; UPDATE_GOLDEN=1 scripts/test.sh
format: ; swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
bench: ; scripts/bench.sh
# Faults on hosts in namespaces; FULL=1 repeats each five times and writes docs/laboratory-results.md.
lab-level2: ; lab/level2/run.sh $(if $(FULL),--full)
# Deployments of the examples on simulated hosts; writes its part of docs/laboratory-results.md. QUICK=1 deploys one and writes nothing.
lab-level3: lab-needs ; lab/level3.sh $(if $(QUICK),--quick)
# Both levels in full.
lab: lab-needs ; status=0; lab/level2/run.sh --full || status=1; lab/level3.sh || status=1; exit $$status
# A deployment killed at thirty random steps, and twenty times each fault.
lab-soak: lab-needs ; status=0; lab/level2/run.sh --soak || status=1; lab/level3.sh --soak || status=1; exit $$status
.PHONY: lab-needs
lab-needs: ; scripts/setup.sh build && scripts/setup.sh test && scripts/setup.sh lab
