"""RabbitMQ: Debian's broker as a private node beside any system broker, with a port mapper (epmd) of its own."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pika
from pika.exceptions import AMQPError

from paperlane.local.errors import StackFault
from paperlane.local.home import Home
from paperlane.local.parts import PROBE_SECONDS, Part, accepts

BINARY = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # the script behind the one in sbin: it needs no root
PORT_MAPPER = "epmd"
USER = "paperlane"
HOME = "data/rabbitmq"
CONFIGURATION = "run/rabbitmq/rabbitmq.conf"
DEFINITIONS = "run/rabbitmq/definitions.json"
PLUGINS = "run/rabbitmq/enabled_plugins"

# Two schedulers are plenty here, and each costs megabytes on a machine with many cores; RabbitMQ asks for a million
# process slots by default.
_RUNTIME = "+S 2:2 +SDcpu 1:1 +SDio 1 +P 131072 -kernel inet_dist_use_interface {127,0,0,1}"


def started(home: Home, ports: Mapping[str, int], password: str) -> tuple[Part, Part]:
    """The port mapper and the broker. `ports` names `rabbitmq`, `rabbitmq-nodes` (between nodes) and `epmd`."""
    epmd = shutil.which("epmd")
    if epmd is None or not BINARY.exists():
        raise StackFault(
            "RabbitMQ is not installed.",
            "Run `make up`, which installs it; or install the Debian package rabbitmq-server; or give a broker by its "
            "URL in PAPERLANE_RABBITMQ_URL.",
        )
    url = f"amqp://{USER}:{password}@127.0.0.1:{ports['rabbitmq']}/"
    mapping = {"ERL_EPMD_PORT": str(ports["epmd"]), "ERL_EPMD_ADDRESS": "127.0.0.1"}
    mapper = Part(
        name=PORT_MAPPER,
        kind="server",
        url=f"tcp://127.0.0.1:{ports['epmd']}",
        healthy=lambda: accepts(ports["epmd"]),
        command=(epmd, "-port", str(ports["epmd"]), "-address", "127.0.0.1"),
        environment=mapping,
    )
    broker = Part(
        name="rabbitmq",
        kind="server",
        url=url,
        healthy=lambda: _opens(url),
        command=(str(BINARY),),
        environment=mapping | _environment(home, ports["rabbitmq-nodes"]),
        stop_seconds=30,
    )
    return mapper, broker


def given(url: str) -> Part:
    """Somebody else's broker."""
    return Part("rabbitmq", "server", url, healthy=lambda: _opens(url))


def files(port: int, password: str, cookie: str, vhosts: Sequence[str]) -> dict[str, str]:
    """What the broker reads at its start: our user with every right in `vhosts` instead of `guest`; no plugins; the
    cookie without which no other node or tool is let in.
    """
    settings = {
        "listeners.tcp.1": f"127.0.0.1:{port}",
        "load_definitions": DEFINITIONS,
        "log.console.level": "info",
        "vm_memory_high_watermark.absolute": "256MB",
        "disk_free_limit.absolute": "64MB",
        "raft.wal_max_size_bytes": "32000000",  # quorum queues keep this much in memory; the default is 512 MB
    }
    definitions = {
        "users": [
            {
                "name": USER,
                "password_hash": _hash(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "administrator",
            }
        ],
        "vhosts": [{"name": vhost} for vhost in vhosts],
        "permissions": [
            {"user": USER, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"} for vhost in vhosts
        ],
    }
    return {
        CONFIGURATION: "".join(f"{name} = {value}\n" for name, value in settings.items()),
        DEFINITIONS: json.dumps(definitions, indent=2) + "\n",
        PLUGINS: "[].\n",
        f"{HOME}/.erlang.cookie": cookie,
    }


def _hash(password: str) -> str:
    """The password as RabbitMQ stores it: salt, then SHA-256 of salt and password. The salt comes from the password,
    which is long and random itself, so that the same password gives the same file.
    """
    salt = hashlib.sha256(f"salt of {password}".encode()).digest()[:4]
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode("ascii")


def _environment(home: Home, node_port: int) -> dict[str, str]:
    folder = home.path / HOME
    return {
        "HOME": str(folder),
        # The script becomes the broker instead of watching it: signals and the process id are the broker's own.
        "RUNNING_UNDER_SYSTEMD": "true",
        "RABBITMQ_NODENAME": "paperlane@localhost",  # part of the data: it must not follow the host's name
        "RABBITMQ_DIST_PORT": str(node_port),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_CONFIG_FILE": str(home.path / CONFIGURATION),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home.path / PLUGINS),
        "RABBITMQ_MNESIA_BASE": str(folder),
        "RABBITMQ_MNESIA_DIR": str(folder / "node"),
        "RABBITMQ_PLUGINS_EXPAND_DIR": str(folder / "plugins"),
        "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _RUNTIME,
    }


def _opens(url: str) -> bool:
    """True when the broker takes our user. pika logs each failed try as an error, which here is only "not yet"."""
    logging.getLogger("pika").setLevel(logging.CRITICAL + 1)
    parameters = pika.URLParameters(url)
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = PROBE_SECONDS
    parameters.connection_attempts = 1
    try:
        pika.BlockingConnection(parameters).close()
    except (AMQPError, OSError):
        return False
    return True
