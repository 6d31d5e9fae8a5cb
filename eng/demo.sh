#!/usr/bin/env bash
# Installs what the demonstration lacks of Debian (for "up", as root), builds it and runs it: up, down or memory.
#   CONFIGURATION=Debug   instead of Release
set -u
cd "$(dirname "$0")/.." || exit 1

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
configuration=${CONFIGURATION:-Release}
logs=artifacts/demo
project=demo/Alcor.Demo
mkdir -p "$logs"

# Only what the demonstration runs; the rest of eng/packages.txt is for the tests.
install_packages() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 0
    local missing=() name
    for name in openvswitch-switch iproute2 procps ethtool iputils-ping udhcpc; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ "${#missing[@]}" -eq 0 ] && return 0
    echo "Installing ${missing[*]}."
    export DEBIAN_FRONTEND=noninteractive
    # A host without an init system must not fail over the package's own service, which nobody needs here.
    apt-get update -q >"$logs/apt.log" 2>&1 &&
        apt-get install -qy --no-install-recommends "${missing[@]}" >>"$logs/apt.log" 2>&1 && return 0
    echo "Could not install ${missing[*]}. The end of $logs/apt.log:"
    tail -n 5 "$logs/apt.log"
}

build() {
    dotnet build "$project" -c "$configuration" -v q -nodeReuse:false >"$logs/build.log" 2>&1 && return 0
    grep -E 'error|warn' "$logs/build.log" | sort -u | head -n 50 || tail -n 50 "$logs/build.log"
    echo "The build failed."
    exit 1
}

program=$project/bin/$configuration/net10.0/alcor-demo
[ "${1:-}" != up ] || install_packages
# What removes a demonstration must not depend on a tree that builds.
if [ "${1:-}" != down ] || [ ! -x "$program" ]; then
    echo "Building."
    build
fi
exec "$program" "$@"
