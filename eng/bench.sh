#!/usr/bin/env bash
# Builds and runs the benchmark, always in Release; the figures go to the terminal and to artifacts/bench.json.
#   CASES="http store"   only these cases
#   further arguments    as in: eng/bench.sh --seconds 10 --only "50 clients"
set -eu
cd "$(dirname "$0")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
dotnet build bench/Alcor.Bench -c Release -v q -nodeReuse:false

# The client handles a response where it arrives, on one thread: no queue and no thread pool in between, which would
# cost more than the exchange itself and take the processor from the server. The server does not inherit these.
export DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1 DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT=1
# shellcheck disable=SC2086 # several words are several cases
exec bench/Alcor.Bench/bin/Release/net10.0/Alcor.Bench ${CASES:-} "$@"
