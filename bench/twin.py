"""
The twin, side by side with its own artefacts and with plain forwarding.

    sudo .venv/bin/python bench/twin.py [up] [scale] [traffic]

up       `up` without probes against the same artefacts applied bare: `ip -batch`, `nft -f`, Envoy
scale    time per namespace from 20 to 200 namespaces
traffic  throughput and connections through the firewall, with 10 and 10,000 rules of each kind,
         against plain forwarding in the same topology; needs iperf3, wrk and nginx (Debian)
"""

import json
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hubwright.engines.twin.artefacts import Plan, Tool
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.plan import plan
from hubwright.engines.twin.proxy import envoy_binary
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    Action,
    ApplicationProtocol,
    ApplicationRule,
    ApplicationRuleCollection,
    FirewallPolicyRuleCollectionGroup,
    NetworkRule,
    NetworkRuleCollection,
)
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.semantics.assigned import assign
from hubwright.semantics.names import site_address
from hubwright.sources.design import load_design

ROOT = Path(__file__).parent.parent
SITE = "site.bench.net"
RUNS = 7
PLAIN_CHAIN = "add chain ip p s { type nat hook postrouting priority 100; }"


def reference() -> Estate:
    """Return the reference estate."""
    estate, problems = load_design(ROOT / "estates/reference/estate.yaml")
    if estate is None:
        raise SystemExit(str(problems))
    return estate


def bare(built: Plan, where: Path) -> Path:
    """Write a plan's documents and the shell script that applies them, one tool call each."""
    lines = ["set -e", "mount -t tmpfs none /run", "ip link set lo up"]
    for document in built.documents:
        path = where / document.name
        path.write_text(document.text.replace("@STATE@", str(where)))
        file, name = shlex.quote(str(path)), document.namespace
        inside = f"nsenter --net=/run/netns/{name} " if name else ""
        match document.tool:
            case Tool.IP:
                lines.append(f"{inside}ip -batch {file}")
            case Tool.NFT:
                lines.append(f"{inside}nft -f {file}")
            case Tool.SYSCTL:
                lines.append(f"{inside}sysctl -q -p {file}")
            case Tool.ENVOY:
                lines.append(
                    f"{inside}{shlex.quote(str(envoy_binary()))} -c {file} --concurrency 1 "
                    f"--disable-hot-restart -l error & "
                    f"until [ -n \"$({inside}ss -Hltn 'sport != :53' | grep -v 127.0.0.1)\" ]; "
                    "do sleep 0.01; done"
                )
    script = where / "run.sh"
    script.write_text("\n".join([*lines, "exit 0", ""]))
    return script


def run_bare(built: Plan) -> float:
    """Return the seconds that a plan's artefacts take when run bare."""
    with tempfile.TemporaryDirectory() as folder:
        script = bare(built, Path(folder))
        start = time.perf_counter()
        command = ["unshare", "-nmpf", "--kill-child", "--mount-proc", "sh", str(script)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def run_up() -> float:
    """Return the seconds that `hubwright up --no-probes` takes, whole process."""
    tool = str(Path(sys.executable).with_name("hubwright"))
    design = str(ROOT / "estates/reference/estate.yaml")
    start = time.perf_counter()
    subprocess.run([tool, "up", design, "--no-probes"], check=True, capture_output=True)
    taken = time.perf_counter() - start
    subprocess.run([tool, "down", design], check=True, capture_output=True)
    return taken


def bench_up() -> None:
    """Print `up` against its own artefacts."""
    built = plan(reference())
    pairs = [(run_up(), run_bare(built)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        f"up without probes, {len(built.namespaces)} namespaces: {ours:.2f} s; its artefacts bare: "
        f"{theirs:.2f} s; ratio {ours / theirs:.2f} (bar 2)"
    )


def with_machines(count: int) -> Estate:
    """Return the reference estate with more machines."""
    estate = reference()
    subnet = next(s.id for s in estate.subnets if s.name == "VmSubnet")
    more = tuple(LinuxVirtualMachine(name=f"vm-{n}", subnet=subnet) for n in range(count))
    return assign(replace(estate, virtual_machines=(*estate.virtual_machines, *more)))


def bench_scale() -> None:
    """Print the time per namespace as their number grows."""
    for machines in (0, 25, 75, 175):
        estate = with_machines(machines)
        built = plan(estate)
        times: list[float] = []
        for _ in range(3):
            start = time.perf_counter()
            twin = Twin.up(built, estate)
            times.append(time.perf_counter() - start)
            twin.down()
        taken, count = statistics.median(times), len(built.namespaces)
        print(f"{count} namespaces: {taken:.2f} s, {taken / count * 1e3:.1f} ms each")


def with_rules(count: int) -> Estate:
    """Return the reference estate with `count` network and application rules before the last."""
    estate = reference()
    address = f"{format_address(site_address(SITE))}/32"
    network = [
        _network(n, f"100.{64 + n // 65536}.{n // 256 % 256}.{n % 256}") for n in range(count)
    ]
    network.append(_network(count, address))
    names = [f"h{n}.f{n % 97}.example.net" for n in range(count)] + [SITE]
    application = tuple(
        ApplicationRule(
            name=f"a{n}",
            protocols=(ApplicationProtocol(type="Http", port=8081),),
            source_addresses=("10.1.0.0/16",),
            destination_fqdns=(name,),
        )
        for n, name in enumerate(names)
    )
    group = FirewallPolicyRuleCollectionGroup(
        name="bench",
        firewall_policy=estate.firewalls[0].firewall_policy,
        priority=110,
        network_rule_collections=tuple(
            NetworkRuleCollection(
                name=f"n{start}",
                priority=100 + start // 500,
                action=Action.ALLOW,
                rules=tuple(network[start : start + 500]),
            )
            for start in range(0, len(network), 500)
        ),
        application_rule_collections=(
            ApplicationRuleCollection(
                name="a", priority=100, action=Action.ALLOW, rules=application
            ),
        ),
    )
    groups = (*estate.rule_collection_groups, group)
    return assign(replace(estate, rule_collection_groups=groups))


def _network(n: int, address: str) -> NetworkRule:
    return NetworkRule(
        name=f"n{n}",
        protocols=("TCP",),
        source_addresses=("10.1.0.0/16",),
        destination_addresses=(address,),
        destination_ports=("5201", "8082"),
    )


@contextmanager
def servers(twin: Twin, folder: Path) -> Iterator[None]:
    """Run nginx and iperf3 on the twin's internet."""
    (folder / "small").write_text("ok\n" * 30)
    with (folder / "big").open("wb") as file:
        file.truncate(200 << 20)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error; user root;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; sendfile on; root {folder};\n"
        " server { listen 8081 backlog=4096; listen 8082 backlog=4096; } }\n"
    )
    inside(twin, "internet", ["nft", "flush", "ruleset"])
    commands = [["nginx", "-c", str(folder / "nginx.conf")], ["iperf3", "-s"]]
    running = [
        subprocess.Popen(
            twin.joined("internet", c), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for c in commands
    ]
    time.sleep(1)
    try:
        yield
    finally:
        for process in running:
            process.terminate()


def inside(twin: Twin, node: str, command: list[str]) -> str:
    """Return what a command prints at a node."""
    return subprocess.run(
        twin.joined(node, command), capture_output=True, text=True, check=False, timeout=120
    ).stdout


def measure(twin: Twin) -> dict[str, float]:
    """Return Gbit/s and connections per second, by network rule and by application rule."""
    site = format_address(site_address(SITE))
    iperf = json.loads(inside(twin, "vm-jumpbox", ["iperf3", "-c", site, "-t", "3", "-J"]))
    out = {"tcp Gbit/s": iperf["end"]["sum_received"]["bits_per_second"] / 1e9}
    big = inside(
        twin,
        "vm-jumpbox",
        [
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{speed_download} %{http_code}",
            f"http://{SITE}:8081/big",
        ],
    ).split()
    if big[1] != "200":
        raise SystemExit(f"the application rule answers {big[1]}")
    out["http Gbit/s"] = float(big[0]) * 8 / 1e9
    for name, port in (("tcp conn/s", 8082), ("http conn/s", 8081)):
        wrk = inside(
            twin,
            "vm-jumpbox",
            [
                "wrk",
                "-t1",
                "-c16",
                "-d4s",
                "-H",
                "Connection: close",
                "-H",
                f"Host: {SITE}",
                f"http://{site}:{port}/small",
            ],
        )
        found = re.search(r"Requests/sec:\s+([\d.]+)", wrk)
        out[name] = float(found.group(1)) if found else 0.0
    return out


def plain(twin: Twin, firewall: str) -> None:
    """Turn the firewall's namespace into a plain router that translates."""
    inside(twin, firewall, ["nft", "flush", "ruleset"])
    inside(
        twin,
        firewall,
        [
            "nft",
            f"add table ip p; {PLAIN_CHAIN}; add rule ip p s oifname pub masquerade",
        ],
    )


def bench_traffic() -> None:
    """Print throughput and connection rates with 10 and 10,000 rules, against none."""
    for tool in ("iperf3", "wrk", "nginx", "curl"):
        if not shutil.which(tool):
            raise SystemExit(f"bench needs {tool}: apt-get install iperf3 wrk nginx-light curl")
    forwarded = traffic(forwarded_only=True, count=10)
    for count in (10, 10_000):
        filtered = traffic(forwarded_only=False, count=count)
        print(f"{count} rules of each kind")
        for key, value in filtered.items():
            print(
                f"  {key}: {value:,.1f} through the firewall, {forwarded[key]:,.1f} forwarded, "
                f"ratio {value / forwarded[key]:.2f}"
            )


def traffic(*, forwarded_only: bool, count: int) -> dict[str, float]:
    """Return what one fresh twin carries: filtered by `count` rules, or forwarded only."""
    estate = with_rules(count)
    twin = Twin.up(plan(estate), estate)
    try:
        with tempfile.TemporaryDirectory() as folder, servers(twin, Path(folder)):
            if forwarded_only:
                plain(twin, estate.firewalls[0].name)
            return measure(twin)
    finally:
        twin.down()


def main() -> None:
    """Run what was asked for, or everything."""
    chosen = sys.argv[1:] or ["up", "scale", "traffic"]
    for name in chosen:
        {"up": bench_up, "scale": bench_scale, "traffic": bench_traffic}[name]()


if __name__ == "__main__":
    main()
