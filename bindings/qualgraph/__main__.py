"""The command line as ``python -m qualgraph``."""

from __future__ import annotations

from .cli import main

raise SystemExit(main())
