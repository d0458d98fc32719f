#!/usr/bin/env bash
# Writes docs/evaluation.md and its pictures anew from the published data sets in CASCADE_DATA (default ../shared/data).
set -euo pipefail
cd "$(dirname "$0")/.."

artifacts=artifacts/evaluation
dotnet build src/Cascade.Cli --configuration Release --artifacts-path "$artifacts" -verbosity:quiet -clp:NoSummary
dotnet "$artifacts/bin/Cascade.Cli/release/cascade.dll" evaluate --all-known --page docs/evaluation.md "$@"
