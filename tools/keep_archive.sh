#!/bin/sh
# Refuse a change or a removal of anything in archive/ since the commit that is named:
#
#     tools/keep_archive.sh origin/main
#
# A branch that is pushed for the first time has no commit before it: all zeros.
set -eu
case "$1" in *[!0]*) ;; *) exit 0 ;; esac
changed=$(git diff --no-renames --name-status --diff-filter=a "$1" HEAD -- archive)
test -z "$changed" || {
  echo "error: what was published stays as it was. Put back, from $1:" >&2
  echo "$changed" >&2
  exit 1
}
