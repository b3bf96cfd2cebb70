"""YAML as data only, read by the C library where PyYAML was built with it: most of a start goes into it."""

from __future__ import annotations

from typing import Any

import yaml

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str) -> Any:
    """A YAML text as plain data. Raises yaml.YAMLError where it is none."""
    return yaml.load(text, Loader=Loader)
