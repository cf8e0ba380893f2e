# Images, built and run over a stand-in base: docs/images.md. Needs an engine and root; says so where there is none.

.PHONY: images images-engine

images: $(STAMP) $(CHECK_VENV)/template.stamp ## build every image, run every event in it, print what it weighs (podman, root)
	@$(if $(wildcard $(VENV)/.runners),mkdir -p .wheels && cp -r "$${XDG_CACHE_HOME:-$$HOME/.cache}"/hntai/wheels/. .wheels/ 2>/dev/null || true,true)
	@$(RUN) -m tests.image

images-engine: ## install what builds and runs images, on Debian, as root
	apt-get update -qq
	$(shell sed -n 's/^    "\(apt-get install.*\)"$$/\1/p' tests/image/engine.py) >/dev/null
