"""Processes of ours that begin where the libraries are loaded already.

Most of the second that a start of Django or Celery costs goes into libraries. One
parent loads them, and nothing of ours; each process is a fork of it, in which our code,
the environment, the folder and both outputs are as in a process of its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.telephone import ROOT

PARENT = """
import json, os, runpy, sys, traceback, warnings
import celery.bin.celery, django.core.management, django.db.models, django.forms
import django.http, django.template, django.urls, kombu, phonenumbers, psycopg
import requests, twilio.rest

def become(task):
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(task[name], os.O_WRONLY | os.O_CREAT, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(task["env"])
    os.chdir(task["cwd"])
    if task["strict"]:
        warnings.simplefilter("error")
    kind, *sys.argv = task["words"]
    # Where our code is found; a script's own folder would come first.
    sys.path.insert(0, task["root"])
    if kind == "-c":
        source, sys.argv[0] = sys.argv[0], "-c"
        exec(source, {"__name__": "__main__"})
    elif kind == "-m":
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv.insert(0, kind)
        runpy.run_path(kind, run_name="__main__")

def status_of(task):
    try:
        become(task)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0

for line in sys.stdin:
    child = os.fork()
    if not child:
        status = status_of(json.loads(line))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Warm:
    """The parent of such processes."""

    parent: subprocess.Popen[str]

    def run(
        self,
        *words: str,
        env: Mapping[str, str],
        cwd: Path = ROOT,
        strict: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """What becomes of ``python WORDS``: a script, ``-m MODULE`` or ``-c CODE``.

        ``strict`` makes an error of every warning.
        """
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        with TemporaryDirectory(prefix="est-said-") as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            task = {
                "words": words,
                "env": dict(env),
                "cwd": str(cwd),
                "strict": strict,
                "root": str(ROOT),
                "out": str(out),
                "err": str(err),
            }
            self.parent.stdin.write(json.dumps(task) + "\n")
            self.parent.stdin.flush()
            status = int(self.parent.stdout.readline())
            return subprocess.CompletedProcess(
                words, status, out.read_text(), err.read_text()
            )


@contextmanager
def warm_parent() -> Iterator[Warm]:
    """The parent stands ready inside the block."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        yield Warm(parent)
