#!/bin/sh
# As AWS's base images start: the handler is the argument; without a Runtime API, the emulator is one.
set -eu
if [ -n "${AWS_LAMBDA_RUNTIME_API:-}" ]; then
    exec /usr/bin/python3 -m awslambdaric "$@"
fi
exec /usr/local/bin/aws-lambda-rie /usr/bin/python3 -m awslambdaric "$@"
