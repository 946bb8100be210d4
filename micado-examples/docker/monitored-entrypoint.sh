#!/bin/sh
# Entry point of the image micado/worker:monitored: a worker beside whose engine node exporter (9100) and cAdvisor (9200) run, as on
# the workers of MiCADO 0.3. The arguments are the engine's command line.
set -eu

prometheus-node-exporter > /var/log/node-exporter.log 2>&1 &

# It looks for an engine once only, when it starts. Each container is measured every second, also one that has been idle.
{
  until docker version >/dev/null 2>&1; do sleep 0.2; done
  exec cadvisor -port=9200 -docker_only -housekeeping_interval=1s -allow_dynamic_housekeeping=false -logtostderr
} > /var/log/cadvisor.log 2>&1 &

exec /usr/local/bin/worker-entrypoint "$@"
