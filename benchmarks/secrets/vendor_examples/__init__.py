"""Snippets as vendors' documentation shows them, with a credential where the documentation has a placeholder.

A vendor's row has the shape of its tokens, the name of the variable that holds one, and the snippets of its own pages.
Each vendor also gets some of the snippets common to all vendors (a `.env` line, a compose file, a workflow).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.secrets.vendor_examples.vendors import GAP, VENDORS, Vendor

Write = Callable[[str, str], str]

COMMON: dict[str, Write] = {
    ".env": lambda name, value: f"# .env\n{name}={value}\n",
    "env-quoted": lambda name, value: f'{name}="{value}"\n',
    "export.sh": lambda name, value: f"export {name}='{value}'\n",
    "environ.py": lambda name, value: f'import os\n\nos.environ["{name}"] = "{value}"\n',
    "constant.py": lambda name, value: f'{name} = "{value}"\n\nclient = make_client({name})\n',
    "constant.js": lambda name, value: f"const {name} = '{value}';\n",
    "Main.java": lambda name, value: f'private static final String {name} = "{value}";\n',
    "main.go": lambda name, value: f'os.Setenv("{name}", "{value}")\n',
    "run.sh": lambda name, value: f"docker run -d --name shop \\\n  -e {name}={value} \\\n  acme/shop:latest\n",
    "compose.yaml": lambda name, value: f"services:\n  shop:\n    image: acme/shop\n    environment:\n      {name}: {value}\n",
    "workflow.yml": lambda name, value: f"    - run: ./deploy.sh\n      env:\n        {name}: {value}\n",
    "pod.yaml": lambda name, value: f'spec:\n  containers:\n  - env:\n    - name: {name}\n      value: "{value}"\n',
    "kubectl.sh": lambda name, value: f"kubectl create secret generic shop \\\n  --from-literal={name}={value}\n",
    "main.tf": lambda name, value: f'variable "{name.lower()}" {{\n  type    = string\n  default = "{value}"\n}}\n',
    "config.yaml": lambda name, value: f"shop:\n  {name.lower()}: {value}\n",
    "config.json": lambda name, value: f'{{\n  "{name.lower()}": "{value}"\n}}\n',
    "heroku.sh": lambda name, value: f"heroku config:set {name}={value}\n",
    "gh.sh": lambda name, value: f'gh secret set {name} --body "{value}"\n',
    "setx.bat": lambda name, value: f'setx {name} "{value}"\n',
    "profile.ps1": lambda name, value: f'$env:{name} = "{value}"\n',
}
"""The snippets common to all vendors: how to set the variable that holds the token."""

_COMMON_EACH = 3

STAND_INS = ("<YOUR_TOKEN>", "YOUR_API_KEY", "$TOKEN", "${TOKEN}", "xxxxxxxxxxxxxxxxxxxx", "[your token]", "...")
"""The placeholders for the token in vendors' pages."""


def _snippets(source: random.Random, vendor: Vendor) -> dict[str, Callable[[str], str]]:
    own: dict[str, Callable[[str], str]] = {
        f"own-{number}.txt": lambda value, snippet=snippet: snippet.replace(GAP, value)  # type: ignore[misc]
        for number, snippet in enumerate(vendor.own)
    }
    for name in source.sample(list(COMMON), _COMMON_EACH):
        own[name] = lambda value, write=COMMON[name]: write(vendor.variable, value)  # type: ignore[misc]
    return own


def examples(seed: int, stand_in: str = "") -> dict[str, bytes]:
    """Return every vendor's snippets by path, each with its own value, or all with *stand_in*."""
    return {path: write(stand_in or value).encode() for path, (write, value) in _filled(seed).items()}


def example_values(seed: int) -> dict[str, bytes]:
    """Return the value in each snippet, by path."""
    return {path: value.encode() for path, (_, value) in _filled(seed).items()}


def _filled(seed: int) -> dict[str, tuple[Callable[[str], str], str]]:
    filled: dict[str, tuple[Callable[[str], str], str]] = {}
    for name, vendor in VENDORS.items():
        source = random.Random(f"{seed}/{name}")
        for place, write in _snippets(source, vendor).items():
            filled[f"{name}/{place}"] = write, vendor.make(source)
    return filled


def example_twins(seed: int) -> dict[str, bytes]:
    """Return the same snippets with every placeholder, by path; every finding in them is a false alarm."""
    return {f"{index}/{path}": data for index, stand_in in enumerate(STAND_INS) for path, data in examples(seed, stand_in).items()}
