#!/usr/bin/env bash
# Builds everything and runs every test; ends with one line: N passed, N failed[, N skipped].
#   SUITES="Tidy Ovsdb"   only the suites whose names contain one of these words
#   CONFIGURATION=Debug   instead of Release
#   SUITE_SECONDS=60      instead of the time limit of each suite
#   ALCOR_SEED=7          replaces the seed of every random test
set -u
cd "$(dirname "$0")/.." || exit 1

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
configuration=${CONFIGURATION:-Release}
results=artifacts/test
passed=0
failed=0
skipped=0

finish() {
    local line="$passed passed, $failed failed"
    [ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
    echo "$line"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# Installing needs root. The switches of the lab have directories and namespaces of their own, so it does not matter
# whether Debian starts a service of its own with the package.
install_packages() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 0
    local missing=() name
    while read -r name; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done < <(sed 's/#.*//; s/[[:space:]]*$//; /^$/d' eng/packages.txt)
    [ "${#missing[@]}" -eq 0 ] && return 0
    echo "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >"$results/apt.log" 2>&1 &&
        apt-get install -qy --no-install-recommends "${missing[@]}" >>"$results/apt.log" 2>&1 && return 0
    echo "could not install ${missing[*]}; the tests that need them are skipped. The end of $results/apt.log:"
    tail -n 5 "$results/apt.log"
}

build() {
    dotnet restore Alcor.slnx --locked-mode -v q >"$results/build.log" 2>&1 &&
        dotnet build Alcor.slnx --no-restore -c "$configuration" -v q -nodeReuse:false >>"$results/build.log" 2>&1
}

# Hang protection, some ten times what a suite takes.
limit_seconds() {
    case $1 in
        *System*) echo "${SUITE_SECONDS:-1200}" ;;
        *Simulation* | *Reachability*) echo "${SUITE_SECONDS:-900}" ;;
        *Identity*) echo "${SUITE_SECONDS:-600}" ;;
        *) echo "${SUITE_SECONDS:-300}" ;;
    esac
}

# An attribute of the <assembly> element of an xunit report, which holds the counts of the suite.
count() {
    local element
    element=$(grep -o '<assembly [^>]*>' "$1" 2>/dev/null | head -n 1)
    [[ $element =~ \ $2=\"([0-9]+)\" ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

# What somebody must read: all of a failing suite, and of others the skipped tests with the reason on the next line.
show() {
    if [ "$2" -gt 0 ]; then
        sed -E '/^  (Discover(ing|ed)|Starting|Finished): /d; /^=== TEST EXECUTION SUMMARY ===/,$d' "$1" |
            tail -c 200000
    else
        grep -A 1 -F '[SKIP]' "$1" | grep -v '^--$'
    fi
}

run_suite() {
    local project=$1 name report log start status ok bad skip reason=""
    name=$(basename "$project" .csproj)
    report=$results/$name.xml
    log=$results/$name.log
    start=$SECONDS
    timeout -k 10 "$(limit_seconds "$name")" "$(dirname "$project")/bin/$configuration/net10.0/$name" \
        -noLogo -noColor -xml "$report" >"$log" 2>&1
    status=$?
    ok=$(count "$report" passed)
    skip=$(count "$report" skipped)
    bad=$(($(count "$report" failed) + $(count "$report" errors)))
    # A suite that says nothing bad must also have ended well and have run something.
    if [ "$bad" -eq 0 ]; then
        if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
            reason="did not end within $(limit_seconds "$name") s"
        elif [ "$status" -ne 0 ]; then
            reason="ended with $status"
        elif [ $((ok + skip)) -eq 0 ]; then
            reason="ran no test"
        fi
        [ -z "$reason" ] || bad=1
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    skipped=$((skipped + skip))
    echo "$name: $ok passed, $bad failed, $skip skipped in $((SECONDS - start)) s${reason:+: the suite $reason}"
    show "$log" "$bad"
}

is_chosen() {
    local word
    [ -n "${SUITES:-}" ] || return 0
    for word in $SUITES; do
        [[ $1 == *"$word"* ]] && return 0
    done
    return 1
}

rm -rf "$results"
mkdir -p "$results"
install_packages
start=$SECONDS
if ! build; then
    grep -E 'error|warn' "$results/build.log" | sort -u | head -n 50 || tail -n 50 "$results/build.log"
    echo "the build failed"
    failed=1
    finish
fi
echo "built in $((SECONDS - start)) s"
for project in test/*.Tests/*.csproj; do
    if is_chosen "$(basename "$project" .csproj)"; then
        run_suite "$project"
    fi
done
finish
