"""Makes this machine a worker of a Docker Swarm. Its parameters are in /etc/micado/worker.json."""
import json
import sys
import time

import consul
import machine
from machine import Failure, say

SECONDS_PER_TRY = 30


def state():
    return machine.docker_info().get("Swarm", {})


def join(parameters):
    """Asks one manager after the other, again and again until the time is over."""
    give_up = time.monotonic() + parameters["joinSeconds"]
    managers = parameters["managers"]
    pause = 1
    while True:
        for manager in managers:
            try:
                join_at(manager, parameters)
                say("joined the Swarm at " + manager)
                return
            except (Failure, OSError) as failure:
                say("could not join at %s: %s" % (manager, failure))
        if time.monotonic() > give_up:
            raise Failure("no manager of %s took this machine in %d s" % (managers, parameters["joinSeconds"]))
        time.sleep(pause)
        pause = min(2 * pause, 30)


def join_behind_firewall(parameters, failures):
    """Joins where no container that comes with joining can read the user data, and the token in it, from the metadata service."""
    if "the firewall" in failures and machine.read_json(machine.FIREWALL)["blocked"]:
        raise Failure("not tried, since containers would reach the metadata service, and with it the join token; "
                      "blockMetadata=false does without the firewall")
    join(parameters)


def join_at(manager, parameters):
    if state().get("LocalNodeState") == "active":
        return
    token = machine.secret("join-token")
    if token is None:
        raise Failure("the join token is gone, since it was used once")
    body = {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": [manager], "JoinToken": token.strip()}
    if parameters.get("advertise"):
        body["AdvertiseAddr"] = parameters["advertise"]
    try:
        machine.docker("POST", "/swarm/join", body)
    except (Failure, OSError) as failure:
        refusal = failure
    else:
        refusal = None
    # The engine answers after 20 s at the latest, and goes on trying by itself.
    give_up = time.monotonic() + SECONDS_PER_TRY
    while time.monotonic() < give_up:
        now = state()
        if now.get("LocalNodeState") == "active":
            return
        if now.get("LocalNodeState") != "pending":
            break
        time.sleep(0.5)
    if state().get("LocalNodeState") not in ("active", "inactive"):
        machine.docker("POST", "/swarm/leave?force=true")
    raise refusal or Failure("the engine did not become a node")


def node_exporter(choice, port):
    def from_package(name):
        machine.write("/etc/default/prometheus-node-exporter", 'ARGS="--web.listen-address=:%d"\n' % port)
        machine.install(name)
        machine.start("prometheus-node-exporter")

    def from_image(image):
        machine.run_container("micado-node-exporter", image, ["--path.rootfs=/host", "--web.listen-address=:%d" % port],
                              ["/:/host:ro,rslave"], host_processes=True)

    machine.provide("node exporter", choice, from_package, from_image)


def cadvisor(choice, port):
    def from_package(name):
        # Its unit takes each option from a variable of a file that comes with it: so it gets a command line of ours, before it is there.
        machine.write("/etc/systemd/system/cadvisor.service.d/micado.conf", """[Service]
ExecStart=
ExecStart=/usr/bin/cadvisor --port=%d --housekeeping_interval=5s --logtostderr=true
""" % port)
        machine.install(name)
        machine.start("cadvisor")

    def from_image(image):
        machine.run_container("micado-cadvisor", image, ["-port=%d" % port, "-housekeeping_interval=5s"], [
            "/:/rootfs:ro", "/var/run:/var/run:ro", "/sys:/sys:ro", "/var/lib/docker:/var/lib/docker:ro"])

    machine.provide("cAdvisor", choice, from_package, from_image)


def main():
    parameters = machine.read_json("/etc/micado/worker.json")
    failures = []
    try:
        machine.ready_docker(parameters["labels"])
        machine.attempt(failures, "the firewall", machine.guard_ports)
        machine.attempt(failures, "joining the Swarm", lambda: join_behind_firewall(parameters, failures))
        # Without a firewall in front of them they would be open to everybody.
        if "the firewall" not in failures:
            for what, step in (("nodeExporter", node_exporter), ("cAdvisor", cadvisor)):
                if what in parameters:
                    machine.attempt(failures, what, lambda: step(parameters[what], parameters[what]["port"]))
        if "consul" in parameters:
            agent = machine.secret("consul.json")
            machine.attempt(failures, "Consul", lambda: consul.ready(parameters["consul"], agent))
    except (Failure, OSError, ValueError) as failure:
        failures.append("the Docker Engine")
        say(str(failure))
    finally:
        machine.leave_no_secrets()
    if failures:
        sys.exit("micado: failed: " + ", ".join(failures))
    say("this machine is a worker: " + json.dumps(parameters["labels"], sort_keys=True))


if __name__ == "__main__":
    main()
