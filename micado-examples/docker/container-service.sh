#!/bin/sh
# The command "service" in a container that may not raise its limits, as Docker's own script for it wants to: starts the engine
# itself, and leaves every other service to the distribution's command.
# usage: service NAME start|restart
[ "$1" = docker ] || exec /usr/sbin/service "$@"
pid=$(cat /var/run/docker.pid 2>/dev/null || :)
if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
  [ "$2" = restart ] || exit 0
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
fi
setsid dockerd > /var/log/docker.log 2>&1 < /dev/null &
