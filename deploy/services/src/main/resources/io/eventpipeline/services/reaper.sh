# Outlives the JVM that started it by a moment: when its standard input ends, the JVM is gone, by
# whatever death, and every process that it registered is killed with all that it started.
# Lines in: "+ PID TICKS" (a process group leader and its start time in ticks since boot), "- PID".
# Shell built-ins only, so that it costs one small process and no JVM.

stat_of() { # sets state, parent, group, ticks of process $1; fails when there is none
  { read -r line < "/proc/$1/stat"; } 2>/dev/null || return 1
  set -- ${line##*) }
  state=$1 parent=$2 group=$3 ticks=${20}
}

known=
while read -r sign pid start; do
  case $sign in
    +) known="$known $pid:$start" ;;
    -) kept=
       for entry in $known; do [ "${entry%%:*}" = "$pid" ] || kept="$kept $entry"; done
       known=$kept ;;
  esac
done

groups=' '
for entry in $known; do
  pid=${entry%%:*} start=${entry##*:}
  # Another process has that number now: the one that was registered ended long ago.
  if stat_of "$pid" && [ "$ticks" != "$start" ]; then continue; fi
  groups="$groups$pid "
done

# A child may have made itself a group of its own (Postgres' do), and a paused one would not
# notice that its parent died. All are found before the first is killed: an orphan's parent is 1.
victims=
for process in /proc/[0-9]*; do
  stat_of "${process##*/}" || continue
  case $groups in *" $parent "*|*" $group "*) victims="$victims ${process##*/}" ;; esac
done
for pid in $victims; do kill -9 "$pid" 2>/dev/null; done
for pid in $groups; do kill -9 "-$pid" 2>/dev/null; done
exit 0
