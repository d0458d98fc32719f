#!/usr/bin/env bash
# Writes what a library newly shows to the world into its PublicAPI.Unshipped.txt, so that a reviewer sees it in the diff.
#
#   build/update-public-api.sh                  every project that has the files
#   build/update-public-api.sh Cascade.Client   that project; makes the files when they are missing
#
# The project file must set <PublicSurfaceInText>true</PublicSurfaceInText>.
#
# Removed members are not taken out: RS0017 names them, and taking a public member away is a decision for a person.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

projects=("$@")
if ((${#projects[@]} == 0)); then
  for file in src/*/PublicAPI.Shipped.txt; do
    projects+=("$(basename "$(dirname "$file")")")
  done
fi

for project in "${projects[@]}"; do
  folder="src/$project"
  [[ -f $folder/$project.csproj ]] || { echo "no project $folder/$project.csproj" >&2; exit 2; }
  grep -q '<PublicSurfaceInText>true<' "$folder/$project.csproj" ||
    { echo "$folder/$project.csproj does not set PublicSurfaceInText" >&2; exit 2; }
  for file in Shipped Unshipped; do
    [[ -f $folder/PublicAPI.$file.txt ]] || printf '#nullable enable\n' >"$folder/PublicAPI.$file.txt"
  done
  dotnet restore "$folder" -v quiet
  dotnet format analyzers "$folder" --diagnostics RS0016 --no-restore
  dotnet build "$folder" --no-restore -v quiet
done
git --no-pager diff --stat -- 'src/*/PublicAPI.*.txt'
