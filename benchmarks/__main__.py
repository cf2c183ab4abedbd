"""Seeds databases of several sizes (kept for the next time), measures each, prints ratios (R4, R98)."""

import argparse
import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

HOME = Path(__file__).resolve().parent.parent
SMALL = (3, 300)  # only queries are counted there


def main() -> int:
    parser = argparse.ArgumentParser(prog="./crm bench", description=__doc__)
    parser.add_argument("--companies", default="5000", help="sizes by comma, e.g. 5000,100000 (default 5000)")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--json", action="store_true", help="print the measurements as JSON")
    parser.add_argument("--only", default="", help="pages whose name begins so, e.g. plan; no jobs")
    wish = parser.parse_args()
    large = [int(size) for size in wish.companies.split(",")]
    found = {size: measure(size, wish.seed, wish.only) for size in (*SMALL, *large)}
    print(json.dumps(found, indent=1) if wish.json else table(found, large))
    return 0


def measure(size: int, seed: str, only: str = "") -> dict[str, Any]:
    """Measurements of one size; the jobs run in a process of their own, so that its peak memory is theirs.

    With `only` no job is run.
    """
    env = environment(size)
    print(f"… {size} companies", file=sys.stderr, flush=True)
    mark, wanted = Path(env["CRM_DATA_DIR"]) / "seeded", f"{schema()} seed {seed}"
    if not mark.exists() or mark.read_text() != wanted:
        mark.unlink(missing_ok=True)
        make_empty(env, size)
        manage(env, "migrate", "--verbosity", "0")
        manage(env, "seed_references")
        manage(env, "seed_load", "--companies", str(size), "--seed", seed)
        mark.write_text(wanted)
    if only:
        return {"pages": probe(env, "pages", only)}
    return {"jobs": probe(env, "jobs"), "pages": probe(env, "pages")}


def environment(size: int) -> dict[str, str]:
    """A data folder of its own for each size, and with DATABASE_URL a database of its own."""
    engine = "postgres" if os.environ.get("DATABASE_URL") else "sqlite"
    folder = Path(os.environ.get("CRM_DATA_DIR") or HOME / "var") / "bench" / engine / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "CRM_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "upsell_crm.settings"}
    env["PYTHONPATH"] = str(HOME)
    env.pop("CRM_DEMO", None)
    env.pop("REDIS_URL", None)
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        env["DATABASE_URL"] = urlunsplit(parts._replace(path=f"{parts.path}_bench_{size}"))
    return env


def schema() -> str:
    """What the tables are made from: a database kept from an older schema is made anew."""
    digest = sha256()
    for migration in sorted([*HOME.glob("*/migrations/*.py"), *HOME.glob("upsell_crm/*/migrations/*.py")]):
        digest.update(migration.read_bytes())
    return digest.hexdigest()[:16]


def make_empty(env: dict[str, str], size: int) -> None:
    """No database file, or an empty database of the server."""
    if url := os.environ.get("DATABASE_URL"):
        command = [sys.executable, "-m", "benchmarks.make_database", url, str(size)]
        subprocess.run(command, check=True, env=env)
        return
    for file in Path(env["CRM_DATA_DIR"]).glob("crm.sqlite3*"):
        file.unlink()


def manage(env: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, str(HOME / "manage.py"), *arguments], check=True, env=env, stdout=sys.stderr
    )


def probe(env: dict[str, str], *what: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.probe", *what],
        check=True,
        env=env,
        cwd=HOME,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout.splitlines()[-1])  # whatever a library may have said before


def queries_of(one: dict[str, Any], name: str) -> int | str:
    """A dash where a base is too small to have the page."""
    row = one["pages"]["rows"].get(name)
    return "–" if row is None else int(row["queries"])


def table(found: dict[int, dict[str, Any]], large: list[int]) -> str:
    """Ratios to the bare view, queries at every size, and the jobs against the plain statement."""
    lines = [
        "",
        f"{'page':<18}"
        + "".join(f"{size:>10,} ms {'× bare':>7}" for size in large)
        + "   queries at each size",
    ]
    for name in found[large[0]]["pages"]["rows"]:
        cells = ""
        for size in large:
            rows = found[size]["pages"]["rows"]
            cells += f"{rows[name]['ms']:>13.1f} {rows[name]['ms'] / rows['bare view']['ms']:>7.1f}"
        queries = " ".join(str(queries_of(one, name)) for one in found.values())
        lines.append(f"{name:<18}{cells}   {queries}")
    if "jobs" in found[large[0]]:
        lines += job_lines(found, large)
    if len(large) > 1:
        first, last = (found[size]["pages"]["rows"] for size in (large[0], large[-1]))
        ratios = ", ".join(f"{name} {last[name]['ms'] / first[name]['ms']:.2f}" for name in first)
        lines += ["", f"growth from {large[0]:,} to {large[-1]:,} companies: {ratios}"]
    return "\n".join(lines)


def job_lines(found: dict[int, dict[str, Any]], large: list[int]) -> list[str]:
    """The jobs against the plain statement."""
    lines = ["", f"{'job':<18}" + "".join(f"{size:>12,} s {'× plain':>8}" for size in large)]
    for name in ("plain", "ranking", "report", "signals"):
        cells = ""
        for size in large:
            rows = found[size]["jobs"]["rows"]
            cells += f"{rows[name]:>14.2f} {rows[name] / rows['plain']:>8.1f}"
        lines.append(f"{name:<18}{cells}")
    lines.append(
        f"{'ranking, peak MB':<18}"
        + "".join(f"{found[size]['jobs']['rows']['peak_mb']:>14.0f}{'':>9}" for size in large)
    )
    return lines


if __name__ == "__main__":
    sys.exit(main())
