#!/usr/bin/env bash
# Makes the images that the examples and the tests run, where they are missing; prints one line for each.
# usage: images.sh [worker|stress|busybox|machine|monitored ...]     without arguments: the first three
#   worker   micado/worker:debian     a worker: a container with a Docker Engine of its own (built in about 1 min, 280 MB)
#   stress   progrium/stress:latest   load: takes --cpu 2 --io 1 --vm 2 --vm-bytes 128M (2 s, 3 MB)
#   busybox  micado/busybox:latest    sh, httpd, wget, sleep and the rest (2 s, 2 MB)
#   machine  micado/machine:debian    a fresh machine for tests: systemd and cloud-init; Docker, Prometheus and the rest only as packages to install (2 min, 450 MB)
#   monitored  micado/worker:monitored   the worker with the node exporter and the cAdvisor that .ci/monitoring fetched (3 s, 320 MB)
# On Debian and Ubuntu they come from the packages of the mirror that the machine already uses, so no registry is needed.
# Elsewhere, or without root for the worker, they come from small public images.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
base=debian:stable-slim
work=

die() { echo "images.sh: $*" >&2; exit 1; }

clean_up() {
  [ -n "$work" ] || return 0
  # A debootstrap that was interrupted leaves its /proc mounted: never delete through a mount.
  if [ -e /proc/mounts ]; then
    awk -v below="$work/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r -n1 umount -l || :
  fi
  rm -rf "$work"
  work=
}
trap clean_up EXIT
trap 'exit 130' INT TERM

is_root() { [ "$(id -u)" = 0 ]; }

quietly() {   # runs a command; its output matters only when it fails
  "$@" > "$work/log" 2>&1 || { tail -n 15 "$work/log" >&2; return 1; }
}

pull() {
  local limit=()
  if command -v timeout >/dev/null; then limit=(timeout 60); fi
  docker image inspect "$1" >/dev/null 2>&1 || ${limit[@]+"${limit[@]}"} docker pull -q "$1" >/dev/null 2>&1
}

has_packages() { command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; }

# Root refreshes the package lists only when a download fails: they may be missing or old, and most of the time they are not.
download() {
  has_packages || return 1
  (cd "$work" && quietly apt-get download -q -o APT::Sandbox::User=root "$@") && return
  is_root && quietly apt-get update -q && (cd "$work" && quietly apt-get download -q -o APT::Sandbox::User=root "$@")
}

# Prints "release url components" of the mirror that apt uses: the release itself, not its updates or third parties' additions.
mirror() {
  # The text between the quotes is apt's own format.
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(ORIGIN) $(SUITE) $(CODENAME) $(COMPONENT) $(SITE)' 'Created-By: Packages' |
    awk '($1 == "Debian" || $1 == "Ubuntu") && $2 !~ /-/ && $5 ~ /^https?:/ {
           if (!release) { release = $3; url = $5 }
           if ($3 == release && $5 == url && !seen[$4]++) components = components (components ? "," : "") $4
         }
         END { if (release) print release, url, components }'
}

# usage: build IMAGE DIRECTORY, with the Dockerfile on stdin
build() { quietly docker build -t "$1" -f - "$2"; }

# Only the program's own files: dpkg-deb unpacks packages without installing them.
stress() {
  if download stress libc6; then
    mkdir "$work/root"
    for package in "$work"/*.deb; do
      dpkg-deb --fsys-tarfile "$package" |
        tar -x -C "$work/root" --wildcards --no-anchored 'bin/stress' 'libc.so.*' 'libm.so.*' 'ld-linux*' 2>/dev/null || :
    done
    # Newer releases keep libraries below /usr only, but every program looks for its loader in /lib or /lib64.
    for dir in lib lib64; do
      if [ -d "$work/root/usr/$dir" ] && [ ! -e "$work/root/$dir" ]; then ln -s "usr/$dir" "$work/root/$dir"; fi
    done
    build progrium/stress:latest "$work/root" <<'DOCKERFILE'
FROM scratch
COPY . /
ENTRYPOINT ["/usr/bin/stress", "--verbose"]
STOPSIGNAL SIGKILL
DOCKERFILE
    docker run --rm --network none progrium/stress:latest --cpu 1 --timeout 1 >/dev/null || die 'the image progrium/stress that was made does not run'
  elif pull "$base"; then
    build progrium/stress:latest "$here" <<DOCKERFILE
FROM $base
RUN apt-get update && apt-get install -y --no-install-recommends stress && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["/usr/bin/stress", "--verbose"]
STOPSIGNAL SIGKILL
DOCKERFILE
  else
    die "cannot make progrium/stress: neither apt-get nor docker pull can download; check the network, or docker load an image of that name."
  fi
}

busybox() {
  if download busybox-static; then
    mkdir -p "$work/root/bin" "$work/root/tmp" "$work/root/etc" "$work/root/www"
    dpkg-deb --fsys-tarfile "$work"/busybox-static_*.deb | tar -x -O --wildcards '*bin/busybox' > "$work/root/bin/busybox"
    chmod 755 "$work/root/bin/busybox"; chmod 1777 "$work/root/tmp"
    echo root:x:0:0:root:/:/bin/sh > "$work/root/etc/passwd"
    for applet in $("$work/root/bin/busybox" --list | grep -vx busybox); do ln -s busybox "$work/root/bin/$applet"; done
    build micado/busybox:latest "$work/root" <<<$'FROM scratch\nCOPY . /\nCMD ["sh"]\nSTOPSIGNAL SIGKILL\n'
  elif pull busybox:stable; then
    build micado/busybox:latest "$here" <<<$'FROM busybox:stable\nSTOPSIGNAL SIGKILL\n'
  else
    die "cannot make micado/busybox: neither apt-get nor docker pull can download; check the network, or docker load an image of that name."
  fi
}

worker() {
  local release='' url='' components='' cli=''
  if has_packages && is_root; then
    read -r release url components < <(mirror) || { quietly apt-get update -q; read -r release url components < <(mirror) || :; }
  fi
  if [ -n "$release" ]; then
    command -v debootstrap >/dev/null || DEBIAN_FRONTEND=noninteractive quietly apt-get install -y -q --no-install-recommends debootstrap ||
      die "cannot make micado/worker: debootstrap is missing and could not be installed; run: apt-get update && apt-get install debootstrap"
    # Newer releases pack the client by itself.
    if apt-cache show docker-cli >/dev/null 2>&1; then cli=,docker-cli; fi
    quietly debootstrap --variant=minbase --components="$components" --include="docker.io$cli,iptables,iproute2,ca-certificates,procps,tini" \
      "$release" "$work/root" "$url" || die "cannot make micado/worker: debootstrap failed with the mirror $url; see the lines above."
    install -m 755 "$here/worker-entrypoint.sh" "$work/root/usr/local/bin/worker-entrypoint"
    # What an engine needs at run time stays; texts, package caches and tools for debugging an engine do not.
    tar -C "$work/root" -c --exclude='./dev/*' --exclude='./var/cache/*/*' --exclude='./var/lib/apt/lists/*' \
      --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/info' --exclude='./usr/share/locale' \
      --exclude='./usr/*bin/ctr' --exclude='./usr/*bin/dnet' --exclude='./usr/*bin/ovrouter' \
      --exclude='./usr/bin/containerd-shim' --exclude='./usr/bin/containerd-shim-runc-v1' . |
      docker import -c 'ENTRYPOINT ["/usr/local/bin/worker-entrypoint"]' -c 'CMD ["dockerd"]' -c 'VOLUME /var/lib/docker' \
        -c "LABEL micado.entrypoint=$recipe" - micado/worker:debian >/dev/null
  elif pull "$base"; then
    build micado/worker:debian "$here" <<DOCKERFILE
FROM $base
RUN apt-get update && \\
    apt-get install -y --no-install-recommends docker.io docker-cli iptables iproute2 ca-certificates procps tini mount || \\
    apt-get install -y --no-install-recommends docker.io iptables iproute2 ca-certificates procps tini mount; \\
    rm -rf /var/lib/apt/lists/* && command -v dockerd docker
COPY worker-entrypoint.sh /usr/local/bin/worker-entrypoint
VOLUME /var/lib/docker
LABEL micado.entrypoint=$recipe
ENTRYPOINT ["/usr/local/bin/worker-entrypoint"]
CMD ["dockerd"]
DOCKERFILE
  elif has_packages && ! is_root; then
    die "cannot make micado/worker: debootstrap needs root and docker pull $base does not answer; run once: sudo $here/images.sh worker"
  else
    die "cannot make micado/worker: no Debian mirror and no registry can be reached; docker load an image of that name, or run this on Debian or Ubuntu."
  fi
}

# A machine as a cloud boots it: the worker image with systemd and cloud-init, and without Docker. What user data installs is beside it as
# packages, so that no test needs a mirror: Docker, what a master runs, and of Consul and cAdvisor, which this release of Debian does
# not have, the packages of the last one that does.
machine() {
  local container root=$work/root repository=/opt/packages release='' url='' components=''
  local packages='docker.io containerd runc prometheus-node-exporter prometheus prometheus-alertmanager default-jre-headless'
  is_root || die 'cannot make micado/machine: only root can; run: sudo micado-examples/docker/images.sh machine'
  docker image inspect micado/worker:debian >/dev/null 2>&1 || "$here/images.sh" worker
  read -r release url components < <(mirror) || :
  mkdir "$root"
  container=$(docker create micado/worker:debian)
  docker export "$container" | tar -x -C "$root"
  docker rm -v "$container" >/dev/null
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  install -m 755 "$here/machine-init.sh" "$root/usr/local/bin/machine-init"
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"   # an exported container has none
  quietly chroot "$root" sh -euc "
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -y -q --no-install-recommends systemd systemd-sysv dbus cloud-init
    apt-get purge -y -q docker.io containerd runc
    if apt-cache show docker-cli >/dev/null 2>&1; then apt-get purge -y -q docker-cli; set -- docker-cli; fi
    apt-get clean
    apt-get install -y -q --no-install-recommends --download-only $packages \"\$@\"
    mkdir -p $repository
    mv /var/cache/apt/archives/*.deb $repository
    cd $repository
    download='apt-get download -q -o APT::Sandbox::User=root consul pipexec cadvisor lsb-base'
    if ! \$download; then
      echo 'deb $url bullseye main' > /etc/apt/sources.list.d/older.list
      apt-get update -q
      \$download
    fi
    for package in *.deb; do
      dpkg-deb -f \"\$package\"
      echo \"Filename: ./\$package\"
      echo \"Size: \$(stat -c %s \"\$package\")\"
      echo \"SHA256: \$(sha256sum < \"\$package\" | cut -d' ' -f1)\"
      echo
    done > Packages
    rm -rf /etc/apt/sources.list.d/*
    echo 'deb [trusted=yes] file:$repository ./' > /etc/apt/sources.list" ||
    die 'cannot make micado/machine: its packages cannot be installed or fetched; see the lines above.'
  umount "$root/proc" "$root/dev"
  # Only the seed directory is asked for user data; the texts that a locale needs are not there.
  cat > "$root/etc/cloud/cloud.cfg.d/99-test.cfg" <<'CONFIGURATION'
datasource_list: [NoCloud, None]
locale: false
network: {config: disabled}
apt: {preserve_sources_list: true}
CONFIGURATION
  # A container may not raise its limits, as the engine's units want to.
  for unit in docker containerd; do
    mkdir -p "$root/etc/systemd/system/$unit.service.d"
    printf '[Service]\nLimitNOFILE=\nLimitNPROC=\nLimitCORE=\nOOMScoreAdjust=\n' > "$root/etc/systemd/system/$unit.service.d/container.conf"
  done
  tar -C "$root" -c --exclude='./dev/*' --exclude='./var/cache/*/*' --exclude='./var/lib/apt/lists/*' . |
    docker import -c 'ENTRYPOINT ["/usr/local/bin/machine-init"]' -c 'VOLUME /var/lib/docker' \
      -c "LABEL micado.entrypoint=$machine_recipe" - micado/machine:debian >/dev/null
}

monitored() {
  local programs=${MICADO_MONITORING:-${XDG_CACHE_HOME:-$HOME/.cache}/micado/monitoring}/usr/bin
  [ -x "$programs/cadvisor" ] && [ -x "$programs/prometheus-node-exporter" ] ||
    die "cannot make micado/worker:monitored: there are no exporters in $programs; run: .ci/monitoring"
  "$here/images.sh" worker >/dev/null
  cp "$programs/cadvisor" "$programs/prometheus-node-exporter" "$here/monitored-entrypoint.sh" "$work"
  build micado/worker:monitored "$work" <<DOCKERFILE
FROM micado/worker:debian
COPY cadvisor prometheus-node-exporter /usr/local/bin/
COPY monitored-entrypoint.sh /usr/local/bin/monitored-entrypoint
LABEL micado.entrypoint=$monitored_recipe
ENTRYPOINT ["/usr/local/bin/monitored-entrypoint"]
CMD ["dockerd"]
DOCKERFILE
}

docker version >/dev/null 2>&1 || die 'no Docker Engine answers; start it, or set DOCKER_HOST.'
# An image whose entry point is not the one beside this script is an old one.
recipe=$(cksum < "$here/worker-entrypoint.sh" | cut -d' ' -f1)
machine_recipe=$({ declare -f machine; cat "$here/machine-init.sh"; } | cksum | cut -d' ' -f1)
monitored_recipe=$(cat "$here"/worker-entrypoint.sh "$here"/monitored-entrypoint.sh 2>/dev/null | cksum | cut -d' ' -f1)
[ $# -gt 0 ] || set -- worker stress busybox
for image in "$@"; do
  case $image in
    worker)  name=micado/worker:debian; present='{{index .Config.Labels "micado.entrypoint"}}' expected=$recipe ;;
    stress)  name=progrium/stress:latest; present='{{.Os}}' expected=linux ;;
    busybox) name=micado/busybox:latest; present='{{.Os}}' expected=linux ;;
    machine) name=micado/machine:debian; present='{{index .Config.Labels "micado.entrypoint"}}' expected=$machine_recipe ;;
    monitored) name=micado/worker:monitored; present='{{index .Config.Labels "micado.entrypoint"}}' expected=$monitored_recipe ;;
    *) die "unknown image \"$image\"; known: worker, stress, busybox, machine, monitored." ;;
  esac
  if [ "$(docker image inspect -f "$present" "$name" 2>/dev/null)" = "$expected" ]; then
    echo "$name is present"
    continue
  fi
  start=$SECONDS
  work=$(mktemp -d "${TMPDIR:-/var/tmp}/micado-image.XXXXXX")
  "$image"
  clean_up
  echo "$name made in $((SECONDS - start)) s, $(docker image inspect -f '{{.Size}}' "$name" | awk '{ printf "%.0f MB", $1 / 1e6 }')"
done
