# Outlives the endpoint by a moment: reads "+ PGID" and "- PGID" until its input ends, which it does however the endpoint ends, then
# kills the process groups that are left and removes the cgroup $1 (empty where there is none) with all below it.
groups=' '
while read -r sign group; do
  case "$sign" in
  +) groups="$groups$group " ;;
  -) groups=$(printf '%s' "$groups" | sed "s/ $group / /") ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
[ -n "$1" ] || exit 0
tries=0
while [ -d "$1" ] && [ "$tries" -lt 100 ]; do
  find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null | while read -r pid; do kill -s KILL "$pid" 2>/dev/null; done
  find "$1" -depth -type d -exec rmdir {} \; 2>/dev/null
  [ -d "$1" ] && sleep 0.05
  tries=$((tries + 1))
done
