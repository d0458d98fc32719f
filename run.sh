#!/usr/bin/env bash
# Starts a Cascade cluster on this machine, drives three tenants with different budgets through its public HTTP API, prints a report, and
# keeps serving until Ctrl-C. Needs the .NET SDK that global.json names, git and bash.
#
#   ./run.sh                   recorded answers of real models when a data folder is there, otherwise synthetic problems and solvers
#   ./run.sh --once            ends after the report; the exit code is not 0 when the report contradicts what must hold
#   ./run.sh --live            asks a real provider for real money, at most $0.10 over all tenants; needs OPENAI_API_KEY
#
#   --source replay|synthetic|live   who answers (--live is --source live)
#   --questions N                    questions per tenant; 20 to 600, default 200; at most 100 and by default 40 in a live run
#   --port N                         port of the gateway on 127.0.0.1; default 8080, or any free one when that is taken
#   --data DIR                       folder of the run, emptied at every start so that the caps begin at zero; default ./data/demo
#   --json                           print the report as JSON on standard output, everything else on standard error
#   --no-build                       use what is built already
#
# Environment: CASCADE_DATA (folder with the recordings, default ../shared/data), OPENAI_API_KEY, OPENAI_BASE_URL,
# CASCADE_CONFIGURATION (Release or Debug, default Release).
# Exit codes: 0 done, 1 the report contradicts what must hold, 64 bad command line, 66 input missing, 69 server unavailable,
# 70 the build failed, 77 no provider key.
set -euo pipefail
invoked_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly configuration=${CASCADE_CONFIGURATION:-Release}
readonly start_limit_seconds=60
source_name='' questions='' port='' data='' once=false json=false build=true
server_pid=''

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { if $json; then printf '%s\n' "$*" >&2; else printf '%s\n' "$*"; fi; }

die() {
  local code=$1
  shift
  printf 'run.sh: %s\n' "$*" >&2
  exit "$code"
}

value_of() { (($# >= 2)) && [[ -n $2 && $2 != --* ]] || die 64 "$1 needs a value; see ./run.sh --help"; }

while (($# > 0)); do
  case "$1" in
    --once) once=true ;;
    --json) json=true ;;
    --no-build) build=false ;;
    --live) source_name=live ;;
    --source) value_of "$@"; source_name=$2; shift ;;
    --questions) value_of "$@"; questions=$2; shift ;;
    --port) value_of "$@"; port=$2; shift ;;
    --data) value_of "$@"; data=$2; shift ;;
    -h | --help)
      sed -n '2,22s/^# \{0,1\}//p' run.sh
      exit 0
      ;;
    *) die 64 "unknown option '$1'; see ./run.sh --help" ;;
  esac
  shift
done

case "$source_name" in
  '' | replay | synthetic | live) ;;
  *) die 64 "--source is '$source_name'; give replay, synthetic or live" ;;
esac
[[ -z $port || ($port =~ ^[0-9]{1,5}$ && $port -le 65535) ]] || die 64 "--port is '$port'; give a port from 0 (any free one) to 65535"
if [[ -n ${CASCADE_DATA:-} ]]; then
  CASCADE_DATA=$(cd "$invoked_from" && realpath -m -- "$CASCADE_DATA")
else
  CASCADE_DATA=$(realpath -m -- ../shared/data)
fi
export CASCADE_DATA
if [[ -n $data ]]; then data=$(cd "$invoked_from" && realpath -m -- "$data"); else data=./data/demo; fi
if [[ $source_name == live ]]; then
  [[ -n ${OPENAI_API_KEY:-} ]] || die 77 "--live asks a real provider; set OPENAI_API_KEY (and OPENAI_BASE_URL for another one than OpenAI)"
fi
if [[ -z $source_name ]]; then
  if [[ -f $CASCADE_DATA/zeroeval.csv.gz ]]; then source_name=replay; else source_name=synthetic; fi
fi
if [[ -z $questions ]]; then
  if [[ $source_name == live ]]; then questions=40; else questions=200; fi
fi

command -v dotnet >/dev/null || die 70 "the .NET SDK is missing; install the version that global.json names (https://dot.net)"

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The server is ended by its own number, and only while it is still our child.
stop_server() {
  [[ -n $server_pid ]] || return 0
  kill -TERM "$server_pid" 2>/dev/null || true
  wait "$server_pid" 2>/dev/null || true
  server_pid=''
  rm -f "$data/server.pid"
}

on_exit() {
  local code=$?
  trap - EXIT
  trap '' INT TERM
  stop_server
  exit "$code"
}
trap on_exit EXIT
trap 'exit 130' INT TERM

build_all() {
  local log started=$SECONDS
  log=$(mktemp)
  say "Building ($configuration) ..."
  if ! dotnet build build/run.slnf --configuration "$configuration" -v quiet -clp:NoSummary >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die 70 "the build failed, see above"
  fi
  rm -f "$log"
  say "Built in $((SECONDS - started)) s."
}

cascade() { dotnet "artifacts/bin/Cascade.Cli/${configuration,,}/cascade.dll" "$@"; }

empty_data() {
  local other
  if [[ -f $data/server.pid ]]; then
    other=$(<"$data/server.pid")
    if kill -0 "$other" 2>/dev/null; then
      die 69 "another run (process $other) uses $data; stop it, or give --data another folder"
    fi
  fi
  # Only a folder that an earlier run made is emptied: a mistyped --data must not cost anybody their files.
  if [[ -d $data && -n $(ls -A "$data") && ! -f $data/plan.json ]]; then
    die 66 "--data: $data has files and is not a folder of this script; give an empty or new folder"
  fi
  rm -rf "$data"
  mkdir -p "$data"
}

start_server() {
  if [[ -z $port ]]; then
    port=8080
    if port_is_taken "$port"; then
      say "Port 8080 is taken, so another one is used."
      port=0
    fi
  elif ((port != 0)) && port_is_taken "$port"; then
    die 69 "--port: $port is taken; give another one, or 0 for any free one"
  fi
  dotnet "artifacts/bin/Cascade.Server/${configuration,,}/Cascade.Server.dll" \
    --config "deploy/demo/$source_name.json" --config "$data/server.json" \
    "--Cascade:Http:Urls:0=http://127.0.0.1:$port" "--Cascade:Storage:DataDirectory=$data/storage" \
    --Cascade:Cluster:SiloPort=0 --Cascade:Cluster:GatewayPort=0 >"$data/server.log" 2>&1 &
  server_pid=$!
  printf '%s\n' "$server_pid" >"$data/server.pid"
}

# A machine without curl still has bash: one HTTP request over /dev/tcp.
is_ready() {
  local host=${1#http://} status
  { exec 3<>"/dev/tcp/${host%:*}/${host#*:}"; } 2>/dev/null || return 1
  printf 'GET /health/ready HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$host" >&3
  read -r _ status _ <&3 || status=0
  exec 3<&-
  [[ $status == 200 ]]
}

wait_until_ready() {
  local until=$((SECONDS + start_limit_seconds))
  url=''
  while ((SECONDS < until)); do
    if ! kill -0 "$server_pid" 2>/dev/null; then break; fi
    if [[ -z $url ]]; then url=$(grep -oE 'listening on http://[^ ]+' "$data/server.log" | head -n 1 | cut -d' ' -f3 || true); fi
    if [[ -n $url ]] && is_ready "$url"; then return 0; fi
    sleep 0.2
  done
  tail -n 20 "$data/server.log" >&2
  die 69 "the server did not become ready; its log is $data/server.log"
}

if $build; then build_all; fi
empty_data
case "$source_name" in
  replay) say "Source: replay, recordings in $CASCADE_DATA." ;;
  synthetic) say "Source: SYNTHETIC problems and solvers of this project. For recorded answers of real models set CASCADE_DATA." ;;
  live) say "Source: LIVE, ${OPENAI_BASE_URL:-OpenAI}, for real money: at most \$0.10 over all tenants." ;;
esac
summary=$(cascade demo prepare --source "$source_name" --questions "$questions" --data "$data") || exit "$?"
say "$summary."
start_server
wait_until_ready
say "Server: $url (process $server_pid, log $data/server.log)."

options=(--url "$url" --data "$data" --report "$data/report.json")
if $json; then options+=(--json); fi
verdict=0
cascade demo run "${options[@]}" || verdict=$?
if ((verdict > 1)); then die "$verdict" "the demonstration could not be run; the server's log is $data/server.log"; fi
if ((verdict == 1)); then printf 'run.sh: the report contradicts what must hold, see above\n' >&2; fi
if $once; then exit "$verdict"; fi

say ''
say "Serving at $url until Ctrl-C. Ask it yourself:"
say ''
say "  . $data/keys"
say "  curl $url/v1/budget -H \"Authorization: Bearer \$CASCADE_KEY_RICH\""
say "  curl -i $url/v1/chat/completions -H \"Authorization: Bearer \$CASCADE_KEY_RICH\" \\"
say "    -H 'Content-Type: application/json' -d @$data/question.json"
trap 'exit 0' INT TERM
wait "$server_pid" || { server_pid=''; die 69 "the server ended by itself; its log is $data/server.log"; }
server_pid=''
die 69 "the server ended by itself; its log is $data/server.log"
