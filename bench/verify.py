"""
Hidden and redundant rules: hubwright beside CUDD and Z3, on the same policies, in one run.

    python bench/verify.py             # 1,144 rules against both, and how 10,000 grow: minutes
    python bench/verify.py --large     # also 5,000 rules against CUDD: many minutes
    python bench/verify.py --rules 300 # another size than 1,144

Every contender runs in a process of its own. Times are CPU seconds after the policy is read, the
least of a few runs for hubwright; memory is how far the process grows while it works. Answers are
compared rule by rule.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import contenders
from policies import boxes, objects, policy

RULES, LARGE, HUGE = 1144, 5000, 10000
SAMPLE = 12


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rules", type=int, default=RULES)
    parser.add_argument("--large", action="store_true", help="5,000 rules against CUDD, too")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.rules)
        return
    rows = policy(options.rules)
    print(f"policy: {len(rows)} rules, {objects(rows)} IP objects, {boxes(rows)} plain boxes")
    mine = best("ours", options.rules)
    show("hubwright", mine)
    against_cudd(mine, options.rules, bar=20, memory_bar=15)
    against_z3(options.rules)
    growth(mine, options.rules)
    if options.large:
        large = best("ours", LARGE, runs=2)
        show(f"hubwright, {LARGE} rules", large)
        against_cudd(large, LARGE, bar=30)


def against_cudd(
    mine: dict[str, Any], rules: int, bar: float, memory_bar: float | None = None
) -> None:
    theirs = run("cudd", rules)
    show(f"CUDD (dd), {rules} rules", theirs)
    if mine["hidden"] != theirs["hidden"] or mine["redundant"] != theirs["redundant"]:
        sys.exit("the answers differ")
    print(f"same answers: {len(mine['hidden'])} hidden, {len(mine['redundant'])} redundant")
    at_least("time, CUDD / hubwright", theirs["seconds"] / mine["seconds"], bar)
    memory = theirs["megabytes"] / mine["megabytes"]
    if memory_bar is None:
        print(f"  memory, CUDD / hubwright: {memory:.1f}")
    else:
        at_least("memory, CUDD / hubwright", memory, memory_bar)


def against_z3(rules: int) -> None:
    mine = best("hidden", rules)
    theirs = run("z3", rules)
    asked, seconds = theirs["asked"], theirs["seconds"]
    scaled = seconds * rules / asked
    print(
        f"Z3, SecGuru encoding, hidden rules only: {seconds:.1f} s for a sample of {asked} rules, "
        f"scaled to {rules}: {scaled:.0f} s"
    )
    step = rules / asked
    chosen = {int(step * (number + 0.5)) for number in range(asked)}
    if theirs["hidden"] != [number for number in mine["hidden"] if number in chosen]:
        sys.exit("the answers differ")
    at_least("time, Z3 / hubwright", scaled / mine["hide_seconds"], 200)


def growth(mine: dict[str, Any], rules: int) -> None:
    huge = run("ours", HUGE)
    show(f"hubwright, {HUGE} rules", huge)
    ratio = huge["seconds"] / mine["seconds"]
    bar = 60 * (HUGE / rules / (HUGE / RULES)) ** 2
    mark = "ok" if ratio <= bar else "over"
    print(f"  growth, {rules} -> {HUGE} rules: {ratio:.1f}-fold (bar at most {bar:.0f}) {mark}")


def show(name: str, result: dict[str, Any]) -> None:
    print(
        f"{name}: {result['seconds']:.2f} s (hidden {result['hide_seconds']:.2f} s), "
        f"{result['megabytes']:.1f} MB"
    )


def at_least(name: str, ratio: float, bar: float) -> None:
    print(f"  {name}: {ratio:.1f} (bar at least {bar:g}) {'ok' if ratio >= bar else 'under'}")


def best(contender: str, rules: int, runs: int = 5) -> dict[str, Any]:
    """Return the fastest of a few runs, with the most memory of any."""
    results = [run(contender, rules) for _ in range(runs)]
    fastest = min(results, key=lambda result: result["seconds"])
    return {**fastest, "megabytes": max(result["megabytes"] for result in results)}


def run(contender: str, rules: int) -> dict[str, Any]:
    """Run a contender in a process of its own."""
    command = [sys.executable, __file__, "--child", contender, "--rules", str(rules)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def child(contender: str, rules: int) -> None:
    """Do the work, and print what it took."""
    rows = policy(rules)
    work = {
        "ours": lambda: contenders.ours(rows),
        "hidden": lambda: contenders.ours(rows, only_hidden=True),
        "cudd": lambda: contenders.cudd(rows),
        "z3": lambda: contenders.z3(rows, SAMPLE),
    }[contender]
    if contender in ("ours", "hidden"):
        contenders.ours(policy(20))  # what is imported lazily does not count
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _kilobytes("VmRSS")
    result = work()
    print(json.dumps({**asdict(result), "megabytes": (_kilobytes("VmHWM") - before) / 1024}))


def _kilobytes(name: str) -> int:
    """Return a line of /proc/self/status: VmRSS is the memory now, VmHWM the most so far."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ValueError(name)


if __name__ == "__main__":
    main()
