"""YAML files as plain data, for the ledger and every declaration under data/.

Read by the C library where PyYAML was built with it: most of a start goes into it. A key given twice is
refused, because the first would be lost in silence.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import ClaimbookError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "tag:yaml.org,2002:merge"


class _Loader(_Base):
    """Plain data only, each key once."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict:
    # A key that overrides one merged in by "<<" is not given twice.
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value if key.tag != _MERGE]
    twice = sorted(str(key) for key, count in Counter(map(repr, keys)).items() if count > 1)
    if twice:
        raise ClaimbookError(f"line {node.start_mark.line + 1}: the key {twice[0]} is given twice")
    return _Base.construct_mapping(loader, node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path) -> Any:
    """What a YAML file holds. ClaimbookError names the file, and the line where it can."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise ClaimbookError(f"no such file: {path}") from None
    except OSError as error:
        raise ClaimbookError(f"{path} cannot be read: {error.strerror}") from None
    except ClaimbookError as error:
        raise ClaimbookError(f"{path.name}, {error}") from None
    except Exception as error:  # impossible dates and numbers make the loader raise many kinds
        raise ClaimbookError(f"{path.name} is not YAML: {' '.join(str(error).split())}") from None
