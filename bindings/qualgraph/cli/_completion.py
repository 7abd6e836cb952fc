"""Completion scripts for bash, zsh and fish, written from the parsers of the commands.

The scripts hold commands, options and choices; ids are asked from the program when a word that is
an id is completed, so that they are those of the facts installed.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

from ._commands import COMMANDS

__all__ = ["script"]


class _Option(NamedTuple):
    names: tuple[str, ...]
    help: str
    takes: str  # "" for a switch, else "file", "folder", "choice", "frameworks", "rules", "definitions" or "text"
    choices: tuple[str, ...]


class _Shape(NamedTuple):
    name: str
    help: str
    options: list[_Option]
    words: str  # kind of ids its plain words are, or "files" or ""
    choices: tuple[str, ...]


_WORDS = {
    "map": "levels", "at-least": "levels", "at-most": "levels", "cite": "levels", "plot": "levels",
    "compare": "frameworks", "coverage": "frameworks", "loss": "frameworks", "find": "frameworks",
    "convert": "credit-systems", "certainly-at-least": "credit-systems",
    "certainly-at-most": "credit-systems", "show": "facts", "lint": "files",
    "audit": "files", "classify": "files", "complete": "files", "pathways": "files",
    "reachable": "files", "indicators": "files", "ladder": "rules", "rule": "rules", "template": "files",
}  # fmt: skip


def _shapes() -> list[_Shape]:
    from ._main import build_parser

    shapes = []
    for name, command in COMMANDS.items():
        options: list[_Option] = []
        choices: tuple[str, ...] = ()
        for action in build_parser(name, command)._actions:
            given = tuple(str(choice) for choice in action.choices or ())
            if not action.option_strings:
                choices = choices or given
                continue
            takes = ""
            if action.nargs != 0:
                metavar = str(action.metavar or "")
                kinds = {"FILE": "file", "FOLDER": "folder", "FRAMEWORK": "frameworks", "RULE": "rules"}
                kinds["DEFINITION"] = "definitions"
                takes = "choice" if given else kinds.get(metavar, "text")
            text = "" if action.help in (None, argparse.SUPPRESS) else str(action.help)
            options.append(_Option(tuple(action.option_strings), text, takes, given))
        shapes.append(_Shape(name, command.summary(), options, _WORDS.get(name, ""), choices))
    return shapes


def script(shell: str) -> str:
    """Completion script for ``"bash"``, ``"zsh"`` or ``"fish"``.

    Examples
    --------
    >>> from qualgraph.cli._completion import script
    >>> script("bash").splitlines()[-1]
    'complete -F _qualgraph qualgraph'
    """
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](_shapes())


def _bash(shapes: list[_Shape]) -> str:
    cases, values = [], {}
    for shape in shapes:
        names = " ".join(name for option in shape.options for name in option.names)
        words = " ".join(shape.choices)
        cases.append(f'    {shape.name}) options="{names}"; choices="{words}"; kind="{shape.words}" ;;')
        for option in shape.options:
            if option.takes:
                done = {
                    "file": '_qualgraph_files "$cur"',
                    "folder": '_qualgraph_files "$cur"',
                    "choice": f'COMPREPLY=($(compgen -W "{" ".join(option.choices)}" -- "$cur"))',
                    "frameworks": '_qualgraph_ids frameworks "$cur"',
                    "rules": '_qualgraph_ids rules "$cur"',
                    "definitions": '_qualgraph_ids definitions "$cur"',
                    "text": "COMPREPLY=()",
                }[option.takes]
                for name in option.names:
                    values[f"{shape.name} {name}"] = done
    value_lines = "\n".join(f'    "{key}") {done}; return ;;' for key, done in values.items())
    return f"""\
# bash completion for qualgraph
_qualgraph_ids() {{
  local each
  COMPREPLY=()
  # Compared by hand: compgen would expand what an id holds.
  while IFS= read -r each; do
    [[ $each == "$2"* ]] && COMPREPLY+=("$(printf '%q' "$each")")
  done < <(qualgraph ids "$1" 2>/dev/null)
  # bash takes the colon of framework:code for the end of a word
  if [[ $2 == *:* && $COMP_WORDBREAKS == *:* ]]; then
    COMPREPLY=("${{COMPREPLY[@]#"${{2%:*}}:"}}")
  fi
}}
_qualgraph_files() {{
  COMPREPLY=($(compgen -f -- "$1"))
}}
_qualgraph() {{
  local line=${{COMP_LINE:0:COMP_POINT}} cur command previous options choices kind
  local -a words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  cur=${{words[${{#words[@]}}-1]}}
  if (( ${{#words[@]}} <= 2 )); then
    COMPREPLY=($(compgen -W "{" ".join(shape.name for shape in shapes)} --help --version" -- "$cur"))
    return
  fi
  command=${{words[1]}}
  previous=${{words[${{#words[@]}}-2]}}
  case "$command $previous" in
{value_lines}
  esac
  case "$command" in
{chr(10).join(cases)}
    *) return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $choices && ${{#words[@]}} -eq 3 ]]; then
    COMPREPLY=($(compgen -W "$choices" -- "$cur"))
  elif [[ $kind == files ]]; then
    _qualgraph_files "$cur"
  elif [[ -n $kind ]]; then
    _qualgraph_ids "$kind" "$cur"
  fi
}}
complete -F _qualgraph qualgraph
"""


def _zsh_text(text: str) -> str:
    for letter in ("\\", "'", "[", "]", ":"):
        text = text.replace(letter, {"'": "'\\''"}.get(letter, "\\" + letter))
    return text


def _zsh(shapes: list[_Shape]) -> str:
    commands = "\n".join(f"    '{shape.name}:{_zsh_text(shape.help)}'" for shape in shapes)
    cases = []
    for shape in shapes:
        lines = []
        for option in shape.options:
            action = {
                "": "",
                "file": ":file:_files",
                "folder": ":folder:_files -/",
                "choice": f":value:({' '.join(option.choices)})",
                "frameworks": ":framework:{_qualgraph_ids frameworks}",
                "rules": ":rule:{_qualgraph_ids rules}",
                "definitions": ":definition:{_qualgraph_ids definitions}",
                "text": ":value:",
            }[option.takes]
            for name in option.names:
                lines.append(f"'{name}[{_zsh_text(option.help)}]{action}'")
        if shape.choices:
            lines.append(f"'1:value:({' '.join(shape.choices)})'")
        if shape.words == "files":
            lines.append("'*:folder:_files'")
        elif shape.words:
            lines.append(f"'*:id:{{_qualgraph_ids {shape.words}}}'")
        listed = " \\\n        ".join(lines)
        cases.append(f"    {shape.name})\n      _arguments \\\n        {listed} ;;")
    return f"""\
#compdef qualgraph
_qualgraph_ids() {{
  local -a ids
  ids=(${{(f)"$(qualgraph ids $1 2>/dev/null)"}})
  compadd -a ids
}}
_qualgraph() {{
  local -a subcommands
  subcommands=(
{commands}
  )
  if (( CURRENT == 2 )); then
    _describe command subcommands
    return
  fi
  local subcommand=$words[2]
  shift words
  (( CURRENT-- ))
  case $subcommand in
{chr(10).join(cases)}
  esac
}}
if [[ $funcstack[1] == _qualgraph ]]; then
  _qualgraph "$@"
else
  compdef _qualgraph qualgraph
fi
"""


def _fish_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _fish(shapes: list[_Shape]) -> str:
    lines = ["# fish completion for qualgraph", "complete -c qualgraph -f"]
    for shape in shapes:
        lines.append(
            f"complete -c qualgraph -n __fish_use_subcommand -a '{shape.name}' -d '{_fish_text(shape.help)}'"
        )
    for shape in shapes:
        at = f"complete -c qualgraph -n '__fish_seen_subcommand_from {shape.name}'"
        for option in shape.options:
            names = " ".join(
                f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
            )
            takes = {
                "": "",
                "file": " -r -F",
                "folder": " -r -F",
                "choice": f" -x -a '{' '.join(option.choices)}'",
                "frameworks": " -x -a '(qualgraph ids frameworks 2>/dev/null)'",
                "rules": " -x -a '(qualgraph ids rules 2>/dev/null)'",
                "definitions": " -x -a '(qualgraph ids definitions 2>/dev/null)'",
                "text": " -x",
            }[option.takes]
            lines.append(f"{at} {names}{takes} -d '{_fish_text(option.help)}'")
        if shape.choices:
            lines.append(f"{at} -a '{' '.join(shape.choices)}'")
        if shape.words == "files":
            lines.append(f"{at} -F")
        elif shape.words:
            lines.append(f"{at} -a '(qualgraph ids {shape.words} 2>/dev/null)'")
    return "\n".join(lines) + "\n"
