# Checks of template.yaml and the Dockerfiles. The tools are installed once, from hashed pins; the checks themselves
# need no network and no AWS account, and any finding fails them.

CHECK_VENV ?= .venv-check
CHECK_UV ?= $(or $(UV),$(CHECK_VENV)/uv/bin/uv)
CHECK_ENV = env -u AWS_PROFILE SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
SAM = $(CHECK_VENV)/template/bin/sam
CFN_LINT = $(CHECK_VENV)/template/bin/cfn-lint
CHECKOV = $(CHECK_VENV)/policy/bin/checkov
KUBERNETES = 1.34

.PHONY: check-template
check-template: $(CHECK_VENV)/template.stamp $(CHECK_VENV)/policy.stamp $(CHECK_VENV)/kubernetes.stamp ## lint templates, Dockerfiles and the Kubernetes example, offline
	@echo "sam validate --lint"
	@$(CHECK_ENV) $(SAM) validate --lint --template template.yaml
	@$(CHECK_ENV) $(CHECK_VENV)/template/bin/python -m tests.template.after_sam
	@echo "cfn-lint with the serverless rules"
	@$(CHECK_ENV) $(CFN_LINT) --append-rules cfn_lint_serverless.rules --template template.yaml deploy/*.yaml
	@echo "checkov: template.yaml and deploy/"
	@$(CHECK_ENV) $(CHECKOV) --file template.yaml deploy/operations.yaml deploy/data.yaml --framework cloudformation --skip-download --compact --quiet
	@echo "checkov: Dockerfiles"
	@$(CHECK_ENV) $(CHECKOV) --directory functions --framework dockerfile --skip-download --compact --quiet
	@echo "checkov, and the schemas of Kubernetes $(KUBERNETES): docs/kubernetes.yaml"
	@$(CHECK_ENV) $(CHECKOV) --file docs/kubernetes.yaml --framework kubernetes --skip-download --compact --quiet
	@$(CHECK_VENV)/kubernetes/bin/kubernetes-validate --quiet --strict -k $(KUBERNETES) docs/kubernetes.yaml

.PHONY: check-stack
check-stack: $(STAMP) $(CHECK_VENV)/stack.stamp ## the whole stack made by an emulator of CloudFormation, its images left unrun
	@$(RUN) -m pytest tests/template/test_whole_stack.py

$(CHECK_VENV)/%.stamp: requirements/check-%.txt | $(CHECK_UV)
	@echo "Installing the tools of $<"
	@$(CHECK_UV) venv --quiet --allow-existing $(CHECK_VENV)/$*
	@$(CHECK_UV) pip sync --quiet --require-hashes --python $(CHECK_VENV)/$*/bin/python $<
	@touch $@

# Only where this file is used on its own: the Makefile has a uv.
$(CHECK_VENV)/uv/bin/uv: requirements/uv.txt
	@echo "Installing uv"
	@python3 -m venv $(CHECK_VENV)/uv
	@$(CHECK_VENV)/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@
