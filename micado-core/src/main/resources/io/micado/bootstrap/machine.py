"""What a worker and a master do alike to the machine that they are: packages, services, Docker, firewall, secrets.

Runs on the Python that cloud-init itself needs (3.5 and newer), with its standard library alone. Every step may be done
again. Called as a program it sets the firewall, or deletes what cloud-init keeps of its user data.
"""
import base64
import glob
import http.client
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zlib

HERE = "/usr/local/lib/micado"
SECRETS = "/run/micado/secrets/"  # every copy of our user data contains this path
FIREWALL = "/etc/micado/firewall.json"
DOCKER_SOCKET = "/var/run/docker.sock"
DAEMON_JSON = "/etc/docker/daemon.json"
MONITORING, CONTAINERS = "MICADO-MONITORING", "MICADO-CONTAINERS"


class Failure(Exception):
    """A step that failed, in words for people."""


def say(message):
    print("micado: " + message, flush=True)


def attempt(failures, what, step):
    """Does a step that must not keep the others from being done."""
    try:
        step()
    except (Failure, OSError, ValueError, http.client.HTTPException) as failure:
        failures.append(what)
        say("%s FAILED: %s" % (what, failure))


def succeeds(*command):
    return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def run(*command):
    done = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = done.communicate()[0].decode("utf-8", "replace").strip()
    if done.returncode != 0:
        raise Failure("%s: exit code %d: %s" % (" ".join(command[:4]), done.returncode, output[-600:]))
    return output


def read_json(path):
    with open(path, encoding="utf-8") as source:
        return json.load(source)


def write(path, content, mode=0o644, owner=None, group=None):
    """Puts a file in place whole, or not at all."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(descriptor, "w", encoding="utf-8") as target:
        target.write(content)
    os.chmod(temporary, mode)
    if owner:
        of = pwd.getpwnam(owner)
        os.chown(temporary, of.pw_uid, of.pw_gid)
    if group:
        shutil.chown(temporary, group=group)
    os.replace(temporary, path)


def secret(name):
    """The content of a secret that came with the user data; None where there is none."""
    try:
        with open(SECRETS + name, encoding="utf-8") as source:
            return source.read()
    except FileNotFoundError:
        return None


# ---- packages and services

def has_package(name):
    """Tells whether the package can be installed. Apt also "shows" names that other packages only mention, as Debian 12 does Consul."""
    for line in run("env", "LC_ALL=C", "apt-cache", "policy", name).splitlines():
        if line.strip().startswith("Candidate:"):
            return line.split(":", 1)[1].strip() != "(none)"
    return False


def refresh_packages():
    run("apt-get", "update", "-q")


def install(*packages):
    """Installs packages of the distribution; a mirror that does not answer, or a lock, is waited for."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300",
               "-o", "Dpkg::Options::=--force-confold"]  # configuration that is there already stays
    for pause in (5, 15, 30, 60, None):
        try:
            refresh_packages()
            run(*(command + list(packages)))
            say("installed " + " ".join(packages))
            return
        except Failure as failure:
            if pause is None:
                raise
            say("%s; again in %d s" % (failure, pause))
            time.sleep(pause)


def user(name, *groups):
    """Makes a user for a service, in these groups."""
    if not succeeds("id", name):
        run("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name)
    for group in groups:
        run("usermod", "-a", "-G", group, name)


def has_systemd():
    return os.path.isdir("/run/systemd/system")


def start(name, again=False):
    """Starts a service now and at every boot; one that runs already is started anew if asked."""
    if has_systemd():
        run("systemctl", "daemon-reload")
        run("systemctl", "enable", name)
        run("systemctl", "restart" if again else "start", name)
    elif os.path.exists("/etc/init.d/" + name):
        run("service", name, "restart" if again else "start")
    else:
        raise Failure("there is no service manager that could start " + name)


def at_every_boot(name, unit):
    """Has a unit of ours started at every boot, where there is a service manager."""
    write("/etc/systemd/system/" + name, unit)
    if has_systemd():
        run("systemctl", "daemon-reload")
        run("systemctl", "enable", name)


# ---- Docker

class DockerSocket(http.client.HTTPConnection):
    def __init__(self, timeout):
        http.client.HTTPConnection.__init__(self, "docker", timeout=timeout)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(DOCKER_SOCKET)


def docker(method, path, body=None, timeout=60, accept=()):
    """Calls the engine over its socket, so that no secret becomes an argument that others can see."""
    connection = DockerSocket(timeout)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read().decode("utf-8", "replace")
        if response.status >= 400 and response.status not in accept:
            raise Failure("Docker refused %s %s: %s" % (method, path.split("?")[0], answer.strip()[-600:]))
        return answer
    finally:
        connection.close()


def docker_info():
    return json.loads(docker("GET", "/info"))


def configure_docker(labels):
    """Writes the engine's labels beside whatever its configuration holds; tells whether that changed anything."""
    try:
        with open(DAEMON_JSON, encoding="utf-8") as source:
            before = source.read()
    except FileNotFoundError:
        before = ""
    try:
        configuration = json.loads(before) if before.strip() else {}
    except ValueError as error:
        raise Failure("%s is not JSON, and Docker would not start with it: %s" % (DAEMON_JSON, error))
    others = [label for label in configuration.get("labels", []) if label.split("=", 1)[0] not in labels]
    ours = ["%s=%s" % (name, labels[name]) for name in sorted(labels)]
    if configuration.get("labels", []) == others + ours:
        return False
    configuration["labels"] = others + ours
    write(DAEMON_JSON, json.dumps(configuration, indent=2) + "\n")
    return True


def ready_docker(labels):
    """Installs the engine where there is none, with its labels from its first start."""
    changed = configure_docker(labels)
    if shutil.which("dockerd"):
        start("docker", again=changed)
    else:
        install("docker.io", "ca-certificates")
        start("docker")
    give_up = time.monotonic() + 120
    while True:
        try:
            return docker_info()
        except (Failure, OSError, ValueError, http.client.HTTPException) as failure:
            if time.monotonic() > give_up:
                raise Failure("the Docker Engine does not answer: %s" % failure)
            time.sleep(1)


def run_container(name, image, command, binds=(), host_processes=False, environment=(), user=""):
    """Runs a container of the host's network that is started again with the engine."""
    pull = "/images/create?fromImage=" + urllib.parse.quote(image, safe="")
    if "@" not in image and ":" not in image.rsplit("/", 1)[-1]:
        pull += "&tag=latest"
    quoted = urllib.parse.quote(image, safe="/")
    if json.loads(docker("GET", "/images/" + quoted + "/json", accept=(404,))).get("Id") is None:
        answer = docker("POST", pull, timeout=600)
        errors = [line for line in answer.splitlines() if '"error"' in line]
        if errors:
            raise Failure("the image %s cannot be pulled: %s" % (image, errors[-1]))
    host = {"NetworkMode": "host", "RestartPolicy": {"Name": "unless-stopped"}, "Binds": list(binds)}
    if host_processes:
        host["PidMode"] = "host"
    body = {"Image": image, "Cmd": command, "Env": list(environment), "User": user, "HostConfig": host}
    docker("POST", "/containers/create?name=" + name, body, accept=(409,))
    docker("POST", "/containers/" + name + "/start", accept=(304,))
    say("started container %s of %s" % (name, image))


# ---- software that is a package or an image

def provide(what, choice, from_package, from_image):
    """Takes the package where the distribution has it, else, or when that fails, the image; both are choices of the user."""
    package, image = choice.get("package"), choice.get("image")
    if package:
        try:
            if not has_package(package):
                refresh_packages()
            if has_package(package):
                return from_package(package)
            if not image:
                raise Failure("this distribution has no package %s; name an image instead" % package)
        except (Failure, OSError) as failure:
            if not image:
                raise
            say("%s: the package %s cannot be used, so the image is taken: %s" % (what, package, failure))
    return from_image(image)


# ---- firewall

def addresses(names):
    """IPv4 and IPv6 addresses and networks of hosts."""
    found = {4: [], 6: []}
    for name in names:
        bare = name.split("/")[0]
        suffix = name[len(bare):]
        try:
            answers = socket.getaddrinfo(bare, None, type=socket.SOCK_STREAM)
        except OSError as error:
            say("the address of %s is not known, so it may not read the exporters: %s" % (bare, error))
            answers = []
        for family, _, _, _, address in answers:
            found[6 if family == socket.AF_INET6 else 4].append(address[0].split("%")[0] + suffix)
    return found


def set_firewall():
    """Lets only some hosts reach the exporters' ports, and containers not reach the metadata service."""
    rules = read_json(FIREWALL)
    allowed, blocked = addresses(rules["allowed"]), addresses(rules["blocked"])
    for version, tool in ((4, "iptables"), (6, "ip6tables")):
        if not succeeds(tool, "-w", "10", "-S", "INPUT"):
            if version == 4:
                raise Failure("iptables cannot be used; the exporters' ports %s stay as they are" % rules["ports"])
            continue
        table = Table(tool)
        table.chain(MONITORING, [["-i", "lo", "-j", "RETURN"]]
                    + [["-s", host, "-j", "RETURN"] for host in allowed[version]] + [["-j", "DROP"]])
        # A published port reaches a container through FORWARD, under another address and port than it was sent to.
        table.chain(CONTAINERS, [["-d", host, "-j", "REJECT"] for host in blocked[version]]
                    + [["-p", "tcp", "-m", "conntrack", "--ctstate", "DNAT", "--ctdir", "ORIGINAL",
                        "--ctorigdstport", str(port), "-j", MONITORING] for port in rules["ports"]])
        for port in rules["ports"]:
            table.first("INPUT", ["-p", "tcp", "--dport", str(port), "-j", MONITORING])
        # The engine leaves this chain alone when it is there before it starts.
        succeeds(tool, "-w", "10", "-N", "DOCKER-USER")
        table.first("DOCKER-USER", ["-j", CONTAINERS])


class Table:
    """The filter table of one IP version."""

    def __init__(self, tool):
        self.tool = [tool, "-w", "10"]

    def chain(self, name, rules):
        if not succeeds(*(self.tool + ["-N", name])):
            run(*(self.tool + ["-F", name]))
        for rule in rules:
            run(*(self.tool + ["-A", name] + rule))

    def first(self, chain, rule):
        if not succeeds(*(self.tool + ["-C", chain] + rule)):
            run(*(self.tool + ["-I", chain, "1"] + rule))


def guard_ports():
    """Sets the firewall now and at every boot, before the engine starts."""
    set_firewall()
    at_every_boot("micado-firewall.service", """[Unit]
Description=Who may reach the exporters, and what containers may not reach
Before=docker.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/python3 %s/machine.py firewall
[Install]
WantedBy=multi-user.target
""" % HERE)


# ---- secrets

def erase(path):
    """Deletes a file, over its old content where the file system writes in place."""
    try:
        with open(path, "r+b") as target:
            target.write(b"\0" * os.path.getsize(path))
            target.flush()
            os.fsync(target.fileno())
        os.remove(path)
    except FileNotFoundError:
        pass


def base64_forms(mark):
    """The texts of which one is in the Base64 of whatever contains the mark, depending on where in it the mark is."""
    for before, changed in ((0, 0), (1, 2), (2, 3)):
        whole = (before + len(mark)) // 3 * 4
        yield base64.b64encode(b"\0" * before + mark)[changed:whole]


def unpacked(content):
    """What is in gzip data, or as much of it as is there."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content)
    except zlib.error:
        return b""


def holds(content, mark, layers=3):
    """Tells whether content holds a mark: as it is, in Base64, compressed, or one within the other, as user data travels."""
    dense = re.sub(br"\s|\\[rn]", b"", content)  # Base64 may be broken into lines, and be within JSON
    if mark in content or any(form in dense for form in base64_forms(mark)):
        return True
    packed = [base64.b64decode(text + b"===") for text in re.findall(b"H4sI[A-Za-z0-9+/]+", dense)]
    if content.startswith(b"\x1f\x8b"):
        packed.append(content)
    return layers > 0 and any(holds(unpacked(one), mark, layers - 1) for one in packed)


def contains(path, mark):
    """Tells whether a regular file holds a mark; cloud-init has pipes there too, from which nothing would ever come."""
    if not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as source:
            return holds(source.read(), mark)
    except OSError:
        return False


def scrub():
    """Deletes our secrets, every copy of the user data that cloud-init keeps, and what else the cloud told it of the machine."""
    files = set(glob.glob(SECRETS + "*"))
    for pattern in ("/var/lib/cloud/instances/*/user-data.txt*", "/var/lib/cloud/instances/*/cloud-config.txt",
                    "/var/lib/cloud/instances/*/obj.pkl", "/var/lib/cloud/seed/*/user-data",
                    # Some clouds, such as CloudSigma, tell the user data and passwords there, and everybody may read it.
                    "/run/cloud-init/instance-data*.json"):
        files.update(glob.glob(pattern))
    for top in ("/var/lib/cloud", "/run/cloud-init"):
        for directory, _, names in os.walk(top):
            for path in (os.path.join(directory, name) for name in names):
                if not os.path.islink(path) and contains(path, SECRETS.encode()):
                    files.add(path)
    for path in files:
        erase(path)
    shutil.rmtree(SECRETS, ignore_errors=True)


def leave_no_secrets():
    """Scrubs now, and after every boot: cloud-init fetches the user data again and stores it."""
    scrub()
    at_every_boot("micado-scrub.service", """[Unit]
Description=Delete what cloud-init keeps of its user data
After=cloud-final.service
[Service]
Type=oneshot
ExecStart=/usr/bin/python3 %s/machine.py scrub
[Install]
WantedBy=cloud-init.target
""" % HERE)


if __name__ == "__main__":
    {"firewall": set_firewall, "scrub": scrub}[sys.argv[1]]()
