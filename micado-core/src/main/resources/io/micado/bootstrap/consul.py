"""Runs a Consul agent, as a client on a worker and as a server on a master."""
import shutil

import machine

DIRECTORY = "/etc/micado/consul"
USER = "consul"


def ready(choice, configuration):
    """Installs and starts the agent. Its configuration came among the secrets, since it holds the key of the gossip."""
    if configuration is None:
        raise machine.Failure("the agent's configuration is gone, since it was used once")

    def from_package(name):
        machine.install(name)
        machine.user(USER)
        machine.write(DIRECTORY + "/agent.json", configuration, 0o600, USER)
        machine.at_every_boot("micado-consul.service", """[Unit]
Description=Consul agent
After=network-online.target
Wants=network-online.target
[Service]
User=%s
StateDirectory=micado-consul
ExecStart=%s agent -config-dir=%s -data-dir=/var/lib/micado-consul
Restart=always
RestartSec=5
[Install]
WantedBy=multi-user.target
""" % (USER, shutil.which("consul") or "/usr/bin/consul", DIRECTORY))
        machine.start("micado-consul.service")

    def from_image(image):
        machine.write(DIRECTORY + "/agent.json", configuration, 0o600)
        # The image's own user could not read the file, so the agent stays root in its container.
        machine.run_container(
            "micado-consul", image, ["agent", "-config-dir=/consul/micado", "-data-dir=/consul/data"],
            [DIRECTORY + ":/consul/micado:ro", "micado-consul:/consul/data"],
            environment=["CONSUL_DISABLE_PERM_MGMT=true"])

    machine.provide("Consul", choice, from_package, from_image)
