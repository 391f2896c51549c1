"""A whole experiment by Goodhart, then the same pipeline written with transformers, TRL, PEFT and scikit-learn (pipeline.py), on one machine.

    benchmarks/run pipeline [--spec experiments/demo.yaml] [--peer-seeds 1] [--out FILE]

Ours runs from an empty data directory, so that nothing is reused, with its default workers; the start of its server and database counts.
The peer may run fewer seeds, as its seeds take equally long: its time is then what is shared + one seed's time x the seeds, and is said to be.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from compare import HERE, peer_python

ROOT = HERE.parent.parent


def timed(command, **more):
    """(wall seconds, processor seconds of the process and of what it started and waited for)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run(command, check=True, **more)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seeds_of(spec):
    code = "import sys, json, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))['seeds']))"
    return json.loads(subprocess.run([peer_python(), "-c", code, spec], check=True, capture_output=True, text=True).stdout)


def peer_time(stages, run, planned):
    """Sums of wall and processor seconds, with as many seeds as planned."""
    sums = []
    for key in ("wall_s", "cpu_s"):
        shared = sum(stage[key] for stage in stages if "seed" not in stage)
        sums.append(shared + sum(stage[key] for stage in stages if "seed" in stage) * planned / run)
    return sums


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--spec", default=str(ROOT / "experiments" / "demo.yaml"))
    parser.add_argument("--peer-seeds", help="numbers, separated by commas; the experiment's if absent")
    parser.add_argument("--out", help="where the peer's stages go")
    options = parser.parse_args()
    planned = seeds_of(options.spec)
    seeds = options.peer_seeds.split(",") if options.peer_seeds else [str(seed) for seed in planned]
    peer_python()
    subprocess.run([str(ROOT / "goodhart"), "--version"], check=True)  # builds it, if it must
    data = tempfile.mkdtemp(prefix="goodhart-pipeline-")
    try:
        print("Ours ...", file=sys.stderr)
        ours = timed([str(ROOT / "goodhart"), "run", options.spec, "--watch", "--data", data])
    finally:
        shutil.rmtree(data, ignore_errors=True)
    out = options.out or str(Path(tempfile.mkdtemp()) / "stages.jsonl")
    print(f"The peer, seeds {', '.join(seeds)} of {len(planned)} ...", file=sys.stderr)
    timed(
        [peer_python(), str(HERE / "pipeline.py"), options.spec, "--root", str(ROOT), "--out", out, "--seeds", ",".join(seeds)],
        stdout=sys.stderr,
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},
    )
    stages = [json.loads(line) for line in Path(out).read_text(encoding="utf-8").splitlines()]
    peer = peer_time(stages, len(seeds), len(planned))
    note = "" if len(seeds) == len(planned) else f" ({len(seeds)} of {len(planned)} seeds measured)"
    for label, mine, theirs in zip(("wall", "cpu"), ours, peer):
        print(f"{label:4} ours {mine:7.0f} s  peer {theirs:7.0f} s{note}  peer/ours {theirs / mine:.2f}")


if __name__ == "__main__":
    main()
