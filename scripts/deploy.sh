#!/usr/bin/env bash
# Builds this checkout and has it serve a data directory on a machine without windows: deploy.sh [data directory]
# Each step has to work before the next one begins. A build that fails is not switched to; one that fails once it serves
# goes back by itself, with its databases. Agents go on through all of it.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
node_dir="$PWD/node_modules/node-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/bin"
[ ! -x "$node_dir/node" ] || export PATH="$node_dir:$PATH"
if [ "$#" -gt 0 ]; then
  # For its owner alone, as the backend would make it.
  AGOR_DATA_DIR="$(umask 077 && mkdir -p -- "$1" && CDPATH='' cd -- "$1" && pwd)"
  export AGOR_DATA_DIR
fi
agor() { node dist/cli/agor.js "$@"; }
fact() { node -p "const f = JSON.parse(require('fs').readFileSync('$1', 'utf8')); $2"; }
log() { printf '%s deploy: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }
fail() { log "failed: $*"; exit 1; }

sha="$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
started_ms="$(node -p 'Date.now()')"
trap 'log "failed at line $LINENO; the build before goes on"' ERR
log "begins with $sha"

npm run --silent build
[ "$(fact dist/build-info.json 'f.buildTime')" -ge "$started_ms" ] || fail "dist/build-info.json is older than this deployment"
for program in $(fact dist/programs.json 'Object.keys(f.programs).join(" ")'); do
  [ "$(node -p "Math.ceil(require('fs').statSync('dist/$program').mtimeMs)")" -ge "$started_ms" ] || fail "dist/$program is older than this deployment"
done
log "built $sha at $(fact dist/build-info.json 'new Date(f.buildTime).toISOString()'), and no program is older"

said() { node -p "const s = JSON.parse(require('fs').readFileSync(0, 'utf8')); $1"; }
before="$(agor upgrade status --json | said 's.deployed?.sha ?? "nothing"')"
timeout 10 node dist/cli/agor.js serve --smoke-test || fail "the smoke test on empty databases"
# On a copy of the data, which takes as long as there is data.
agor upgrade verify
agor upgrade retry >/dev/null

agor upgrade apply || fail "the new build does not serve; $before goes on"
state="$(agor health --json | said 's.build.gitSha + " " + s.state')"
[ "${state%% *}" = "$(fact dist/build-info.json 'f.gitSha')" ] || fail "another build serves: $state"
log "ends: $before to $state"
