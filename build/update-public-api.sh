#!/usr/bin/env bash
# Writes what a library newly shows to the world into its PublicAPI.Unshipped.txt, so that a reviewer sees it in the diff.
#
#   build/update-public-api.sh                  every project that has the files
#   build/update-public-api.sh Cascade.Client   that project; makes the files when they are missing
#
# The project file must set <PublicSurfaceInText>true</PublicSurfaceInText>.
#
# The file is written anew each time, because the fixer drops neighbours when it adds to a file that has entries already. A shipped member
# that is gone is not taken out of PublicAPI.Shipped.txt: RS0017 names it, and taking it away is a decision for a person.
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
  [[ -f $folder/PublicAPI.Shipped.txt ]] || printf '#nullable enable\n' >"$folder/PublicAPI.Shipped.txt"
  printf '#nullable enable\n' >"$folder/PublicAPI.Unshipped.txt"
  dotnet restore "$folder" -v quiet
  dotnet format analyzers "$folder" --diagnostics RS0016 --no-restore
  dotnet build "$folder" --no-restore -v quiet
done
git --no-pager diff --stat -- 'src/*/PublicAPI.*.txt'
