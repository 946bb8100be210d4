#!/bin/sh
# Entry point of the image of a machine: makes the container fit for systemd and for an engine of its own, and hands it to systemd,
# which boots it as it boots a machine: with cloud-init's own services, and with what they install.
set -eu

# A container without --privileged sees these trees read-only; systemd keeps its groups there, the engine its containers.
for dir in /proc/sys /sys /sys/fs/cgroup /sys/fs/cgroup/*; do
  if mountpoint -q "$dir"; then mount -o remount,rw,bind "$dir" 2>/dev/null || :; fi
done
mount -o remount,rw /sys 2>/dev/null || :

# A kernel without nf_tables still has the older tables.
if ! iptables -t nat -nL >/dev/null 2>&1; then
  update-alternatives --set iptables /usr/sbin/iptables-legacy >/dev/null
  update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy >/dev/null
fi

export container=docker
exec /sbin/init
