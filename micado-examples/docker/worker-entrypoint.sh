#!/bin/sh
# Entry point of the worker image: prepares the container for an engine inside it, then starts that engine.
# The arguments are its command line: dockerd [option ...]
set -eu

# A container without --privileged sees these trees read-only; the inner engine makes cgroups and network settings in them.
# CAP_SYS_ADMIN allows to turn that. Each controller is a mount of its own with cgroup v1, all are one with v2.
for dir in /proc/sys /sys /sys/fs/cgroup /sys/fs/cgroup/*; do
  if mountpoint -q "$dir"; then mount -o remount,rw,bind "$dir" 2>/dev/null || :; fi
done
# Of sysfs the file system itself is read-only too; bridges of overlay networks are set up there.
mount -o remount,rw /sys 2>/dev/null || :

# cgroup v2: a group that has members may not hand controllers to its children, so this process moves to a child of its own.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/engine
  xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/engine/cgroup.procs 2>/dev/null || :
  sed 's/ / +/g; s/^/+/' /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control || :
fi

# A kernel without nf_tables still has the older tables.
if ! iptables -t nat -nL >/dev/null 2>&1; then
  update-alternatives --set iptables /usr/sbin/iptables-legacy >/dev/null
  update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy >/dev/null
fi

# What an engine that was killed left behind would keep the next one from starting.
rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid

# The shim of each task that ends becomes a child of process 1: tini reaps it, dockerd would keep it as a zombie.
exec tini -- "$@"
