"""Makes this machine a whole MiCADO master. Its parameters are in /etc/micado/master.json, and deleted once they were used."""
import base64
import hashlib
import json
import os
import shutil
import socket
import sys
import time
import urllib.request

import consul
import machine
from machine import Failure, say

PARAMETERS = "/etc/micado/master.json"
USER = "micado"
CONSUL_KEY = "/etc/micado/secrets/consul-key"
# Only root can read what is there, so the containers that need it are root's.
SECRETS = "/etc/micado/secrets:/etc/micado/secrets:ro"


def own_address():
    """The address by which this machine leaves its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return probe.getsockname()[0]


def ready_swarm(advertise):
    state = machine.docker_info().get("Swarm", {}).get("LocalNodeState")
    if state == "active":
        return
    address = advertise or own_address()
    machine.docker("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": address})
    say("this machine is the manager of a new Swarm at %s:2377" % address)


def place_files(files):
    """Gives the files that came among the secrets to the program that reads them."""
    for number, file in enumerate(files):
        content = machine.secret("file-%d" % number)
        if content is not None:
            machine.write(file["path"], content, int(file["mode"], 8), file["owner"])


def make_token(path):
    """The token of the program's HTTP interface, which nobody but it and those that work with it can read."""
    if not os.path.exists(path):
        machine.write(path, base64.urlsafe_b64encode(os.urandom(32)).decode("ascii").rstrip("="), 0o640, USER)


def configure(path, part, group=None):
    """Writes a server's configuration, which may hold passwords: root reads it, and the group of the server."""
    machine.write(path, part["configuration"], 0o640, "root", group)


def prometheus(part):
    # The program writes its rules and targets there.
    os.makedirs("/etc/prometheus/micado", exist_ok=True)
    shutil.chown("/etc/prometheus/micado", USER, USER)
    arguments = ["--web.listen-address=127.0.0.1:9090", "--web.enable-lifecycle"]

    def from_package(name):
        machine.write("/etc/default/prometheus", 'ARGS="%s"\n' % " ".join(arguments))
        machine.install(name)
        machine.user("prometheus", USER)
        configure("/etc/prometheus/prometheus.yml", part, "prometheus")
        machine.start("prometheus", again=True)

    def from_image(image):
        configure("/etc/prometheus/prometheus.yml", part)
        machine.run_container("micado-prometheus", image, arguments + ["--config.file=/etc/prometheus/prometheus.yml"],
                              ["/etc/prometheus:/etc/prometheus:ro", SECRETS, "micado-prometheus:/prometheus"], user="0")

    machine.provide("Prometheus", part, from_package, from_image)


def alertmanager(part):
    arguments = ["--web.listen-address=127.0.0.1:9093", "--cluster.listen-address="]

    def from_package(name):
        machine.write("/etc/default/prometheus-alertmanager", 'ARGS="%s"\n' % " ".join(arguments))
        machine.install(name)
        machine.user("prometheus", USER)
        configure("/etc/prometheus/alertmanager.yml", part, "prometheus")
        machine.start("prometheus-alertmanager", again=True)

    def from_image(image):
        configure("/etc/prometheus/alertmanager.yml", part)
        machine.run_container(
            "micado-alertmanager", image, arguments + ["--config.file=/etc/prometheus/alertmanager.yml"],
            ["/etc/prometheus:/etc/prometheus:ro", SECRETS, "micado-alertmanager:/alertmanager"], user="0")

    machine.provide("Alertmanager", part, from_package, from_image)


def consul_server(part):
    configuration = json.loads(machine.secret("consul.json") or "{}")
    if "encrypt" not in configuration:
        # Every infrastructure has a key of its own. The program's file names this one for its workers: consulKey: ${file:…}.
        configuration["encrypt"] = base64.b64encode(os.urandom(32)).decode("ascii")
    machine.write(CONSUL_KEY, configuration["encrypt"] + "\n", 0o600, USER)
    consul.ready(part, json.dumps(configuration))


def fetch(program):
    """Downloads the program, unless it is there, and checks it before it is put in place."""
    target = program["file"]
    if not program.get("url") or os.path.exists(target):
        return
    part = target + ".part"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    for pause in (5, 15, 60, None):
        try:
            with urllib.request.urlopen(program["url"], timeout=60) as source, open(part, "wb") as copy:
                shutil.copyfileobj(source, copy)
            break
        except OSError as error:
            if pause is None:
                raise Failure("%s cannot be downloaded: %s" % (program["url"].split("?")[0], error))
            time.sleep(pause)
    if program.get("sha256"):
        with open(part, "rb") as copy:
            found = hashlib.sha256(copy.read()).hexdigest()
        if found != program["sha256"].lower():
            os.remove(part)
            raise Failure("the download has the SHA-256 %s, which is not the one that was asked for" % found)
    os.chmod(part, 0o644)
    os.replace(part, target)


def in_unit(argument):
    """Quotes an argument so that systemd takes it as it is."""
    for character, quoted in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        argument = argument.replace(character, quoted)
    return '"%s"' % argument


def start_program(program, token):
    fetch(program)
    command = program["command"]
    binary = shutil.which(command[0])
    if binary is None:
        raise Failure("there is no program %s" % command[0])
    machine.at_every_boot("micado.service", """[Unit]
Description=MiCADO
After=docker.service network-online.target
Wants=docker.service network-online.target
[Service]
User=%s
SupplementaryGroups=docker
StateDirectory=micado
Environment=XDG_STATE_HOME=/var/lib
Environment=MICADO_TOKEN_FILE=%s
ExecStart=%s
Restart=on-failure
RestartSec=5
NoNewPrivileges=yes
PrivateTmp=yes
[Install]
WantedBy=multi-user.target
""" % (USER, token, " ".join([binary] + [in_unit(argument) for argument in command[1:]])))
    machine.start("micado.service")


def main():
    parameters = machine.read_json(PARAMETERS)
    failures = []
    try:
        machine.ready_docker({})
        machine.attempt(failures, "the Swarm", lambda: ready_swarm(parameters.get("advertise")))
        machine.user(USER, "docker")
        machine.attempt(failures, "the token", lambda: make_token(parameters["token"]))
        if parameters["packages"]:
            machine.attempt(failures, "packages", lambda: machine.install(*parameters["packages"]))
        machine.attempt(failures, "files", lambda: place_files(parameters["files"]))
        for what, step in (("prometheus", prometheus), ("alertmanager", alertmanager), ("consul", consul_server)):
            if what in parameters:
                machine.attempt(failures, what, lambda: step(parameters[what]))
        if "program" in parameters:
            machine.attempt(failures, "the program", lambda: start_program(parameters["program"], parameters["token"]))
    except (Failure, OSError, ValueError) as failure:
        failures.append("the Docker Engine")
        say(str(failure))
    finally:
        machine.erase(PARAMETERS)
        machine.leave_no_secrets()
    if failures:
        sys.exit("micado: failed: " + ", ".join(failures))
    say("this machine is a MiCADO master")


if __name__ == "__main__":
    main()
