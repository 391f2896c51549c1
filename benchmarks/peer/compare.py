"""Measures Goodhart and the same work in Python in turns, and prints ratios taken within each pair.

    benchmarks/run compare [gemm|trl|train|generate|probe]... [--option value]...

Both programs start, load and warm up; then they are measured one repetition after the other, who comes first changing with every
repetition. Options go to both (see Main), --peer-x VALUE to the peer alone (--peer-tol 1e-8 for scikit-learn); --out FILE keeps every reading as a line of JSON. Standard library only.
"""

import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("gemm", "trl", "train", "generate", "probe")
CPU_WHEELS = "https://download.pytorch.org/whl/cpu"
TRL_CASES = "dpo-lora,dpo-precomputed-lora,sft-lora,sft-full"


def peer_python():
    """The Python that has the peer's packages: GOODHART_PEER_PYTHON, or a virtual environment made here."""
    given = os.environ.get("GOODHART_PEER_PYTHON")
    if given:
        return given
    home = HERE / ".venv"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        print("Making the peer's virtual environment ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        install(python)
        (home / "complete").touch()
    return str(python)


def install(python):
    """Installs what the peer needs: PyTorch without CUDA where its index answers, else the package index's own, which is larger."""
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    requirements = (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    torch = next(line for line in requirements if line.startswith("torch=="))
    if subprocess.run([*pip, "--retries", "0", "--index-url", CPU_WHEELS, torch], stderr=subprocess.DEVNULL).returncode != 0:
        print(f"No PyTorch for processors at {CPU_WHEELS}; taking the usual one, a download of some GB ...", file=sys.stderr)
    subprocess.run([*pip, "-r", str(HERE / "requirements.txt")], check=True)


class Side:
    """One of the two programs."""

    def __init__(self, label, command):
        self.label = label
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def turn(self):
        """Gives it the turn and waits for what it says; None once it has ended."""
        try:
            self.process.stdin.write("go\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        for line in self.process.stdout:
            if line.startswith('{"'):  # trainers print dictionaries of their own
                return json.loads(line)
        return None

    def close(self):
        with contextlib.suppress(BrokenPipeError):  # it has ended before us
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def median_and_range(values):
    return f"{statistics.median(values):9.4g} [{min(values):.4g}..{max(values):.4g}]"


def report(name, ours, peers):
    unit = ours[0]["unit"]
    for label, time_key in (("wall", "wall_s"), ("cpu", "cpu_s")):
        if min(reading[time_key] for reading in ours + peers) <= 0:
            continue
        our_rates = [reading["amount"] / reading[time_key] for reading in ours]
        peer_rates = [reading["amount"] / reading[time_key] for reading in peers]
        ratios = [a / b for a, b in zip(our_rates, peer_rates)]
        print(
            f"{name:36} {label:4} {unit}/s  ours {median_and_range(our_rates)}  peer {median_and_range(peer_rates)}"
            f"  ours/peer {median_and_range(ratios)}"
        )
    if "peak_mib" in ours[0] and "peak_mib" in peers[0]:
        mine, theirs = (max(reading["peak_mib"] for reading in readings) for readings in (ours, peers))
        print(f"{name:36} peak resident memory, MiB: ours {mine:.0f}  peer {theirs:.0f}  ours/peer {mine / theirs:.2f}")
    for key in ("objective", "gradient_norm"):
        if key in ours[0] and key in peers[0]:
            print(f"{name:36} {key}: ours {ours[0][key]:.9g}  peer {peers[0][key]:.9g}")
    for key in ("mfu", "mfu_cpu", "gemm_gflops"):
        if key in ours[0]:
            print(f"{name:36} {key:11} ours {median_and_range([reading[key] or 0 for reading in ours])}")
    sys.stdout.flush()


def measure(name, options, repeats, keep):
    turns = ["--repeats", str(repeats), "--turns", "true"]
    both, peer_only = split(options)
    model = ask("model", model_options(both))
    if name == "trl":
        peer_only += ["--data", ask("pairs", both)]
    sides = [
        Side("goodhart", [str(HERE.parent / "run"), name, *both, *turns]),
        Side("peer", [peer_python(), str(HERE / "peer.py"), name, *both, *peer_only, *turns, "--directory", model]),
    ]
    try:
        while True:
            ready = [side.turn() for side in sides]
            if None in ready:
                return
            case = ready[0]["ready"]
            if ready[1].get("ready") != case:
                raise SystemExit(f"ours is at {case}, the peer at {ready[1]}")
            readings = ([], [])
            for repeat in range(repeats):
                for index in (0, 1) if repeat % 2 == 0 else (1, 0):
                    reading = sides[index].turn()
                    reading.update(side=sides[index].label, load=os.getloadavg()[0], at=time.time())
                    readings[index].append(reading)
                    keep(reading)
            report(case, *readings)
    finally:
        for side in sides:
            side.close()


def ask(name, options):
    """What ours prints last."""
    command = [str(HERE.parent / "run"), name, *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]


def split(options):
    """Options of both, and those of the peer alone: --peer-x becomes its --x."""
    both, peer_only = [], []
    for name, value in zip(options[::2], options[1::2]):
        if name.startswith("--peer-"):
            peer_only += ["--" + name.removeprefix("--peer-"), value]
        else:
            both += [name, value]
    return both, peer_only


def model_options(options):
    kept = []
    for name, value in zip(options[::2], options[1::2]):
        if name in ("--model", "--model-dir"):
            kept += [name, value]
    return kept


def flat_without(options, name):
    return [part for pair in options.items() if pair[0] != name for part in pair]


def main():
    arguments = sys.argv[1:]
    names = []
    while arguments and not arguments[0].startswith("--"):
        names.append(arguments.pop(0))
    options = dict(zip(arguments[::2], arguments[1::2]))
    repeats = int(options.pop("--repeats", 5))
    out = options.pop("--out", None)
    flat = [part for pair in options.items() for part in pair]
    print(f"# {platform.machine()}, {os.cpu_count()} cores, load {' '.join(f'{x:.1f}' for x in os.getloadavg())}", flush=True)
    stream = open(out, "a", encoding="utf-8") if out else None

    def keep(reading):
        if stream:
            stream.write(json.dumps(reading) + "\n")
            stream.flush()

    for name in names or NAMES:
        if name == "trl":  # a process for each case: its peak memory is its own
            for case in options.get("--cases", TRL_CASES).split(","):
                measure(name, ["--cases", case, *(flat_without(options, "--cases"))], repeats, keep)
        else:
            measure(name, flat, repeats, keep)
    print(f"# load {' '.join(f'{x:.1f}' for x in os.getloadavg())}", flush=True)


if __name__ == "__main__":
    main()
