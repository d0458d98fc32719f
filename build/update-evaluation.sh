#!/usr/bin/env bash
# Writes docs/evaluation.md and its pictures anew from the published data sets in CASCADE_DATA (default ../shared/data).
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build src/Cascade.Cli --configuration Release -v quiet -clp:NoSummary
dotnet run --no-build --configuration Release --project src/Cascade.Cli -- evaluate --all-known --page docs/evaluation.md "$@"
