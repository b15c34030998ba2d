"""One list of mappings in a YAML file, with items added and taken out and no other byte changed.

PyYAML reads the file and says where everything stands. Source: https://pyyaml.org/wiki/PyYAMLDocumentation (marks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import yaml

from sotctl.export.target import TargetError

_EMPTY = frozenset({"", "~", "null", "Null", "NULL", "false", "False", "FALSE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item: its node, the lines it takes up (character offsets), and the line it begins in."""

    node: yaml.MappingNode
    start: int
    end: int
    line: int

    def text(self, *path: str) -> str:
        """The scalar at a path of keys, or ""."""
        node = _find(self.node, path)
        return node.value if isinstance(node, yaml.ScalarNode) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The list and its file.

    `line` is that of the key, `insert` the offset where an item is added, `indent` the text before its dash.
    """

    source: str
    root: yaml.MappingNode | None
    key: str
    items: tuple[Item, ...]
    line: int
    insert: int
    indent: str

    def set_at(self, *path: str) -> int | None:
        """The line of a key that holds something, or None where it is absent or empty."""
        node = _find(self.root, path) if self.root else None
        if node is None or (isinstance(node, yaml.ScalarNode) and node.value in _EMPTY) or node.value == []:
            return None
        return _key_line(_find(self.root, path[:-1]) if self.root else None, path[-1])

    def without(self, foreign: Sequence[Item], added: Sequence[Sequence[str]]) -> str:
        """The file without some items, and with others, given as lines, behind the rest."""
        line_end = "\r\n" if "\r\n" in self.source else "\n"
        new = "".join(f"{self.indent}{line}{line_end}" for lines in added for line in lines)
        head, tail = self.source[: self.insert], self.source[self.insert :]
        if (new or not self.root) and head and not head.endswith("\n"):
            head += line_end
        node = self.root and _find(self.root, (self.key,))
        is_empty = len(foreign) == len(self.items) and not added
        if node is None:
            head += f"{self.key}: []{line_end}" if is_empty else f"{self.key}:{line_end}"
        elif not isinstance(node, yaml.SequenceNode) or not self.items:
            start, end = int(node.start_mark.index), int(node.end_mark.index)
            head = self.source[:start] + ("[]" if is_empty else "") + self.source[end : self.insert]
            head += line_end if new and not head.endswith("\n") else ""
        elif is_empty:
            colon = self.source.rindex(":", 0, self.items[0].start)
            head = f"{self.source[: colon + 1]} []{self.source[colon + 1 : self.insert]}"
            shift = len(" []")
            return self._cut(head, foreign, shift) + tail
        return self._cut(head, foreign, 0) + new + tail

    def _cut(self, head: str, foreign: Sequence[Item], shift: int) -> str:
        for item in sorted(foreign, key=lambda one: one.start, reverse=True):
            head = head[: item.start + shift] + head[item.end + shift :]
        return head


def read(text: str, key: str) -> Listing:
    """Find the list under *key* at the root of a YAML file.

    Raises:
        TargetError: It is not YAML, no mapping, or written in a way that cannot be edited in place.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_shared(root)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise TargetError(f"it is not YAML: {reason}", mark.line + 1 if mark else 1) from None
    except RecursionError:
        raise TargetError("it is nested too deep") from None
    if root is not None and (not isinstance(root, yaml.MappingNode) or root.flow_style):
        raise TargetError("it is not a YAML mapping in block style", root.start_mark.line + 1)
    empty = Listing(source=text, root=root, key=key, items=(), line=1, insert=len(text), indent="  ")
    node = _find(root, (key,)) if root else None
    if node is None:
        return empty
    line = _key_line(root, key)
    if isinstance(node, yaml.ScalarNode) or not node.value:
        if node.value and node.value not in _EMPTY:
            raise TargetError(f"`{key}` is not a list", line)
        return replace(empty, line=line, insert=_line_end(text, node.end_mark.index))
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise TargetError(f"`{key}` is not a list in block style", line)
    items = tuple(_items(text, key, node))
    first = items[0].start
    indent = text[first : text.index("-", first)]
    return replace(empty, items=items, line=line, insert=items[-1].end, indent=indent)


def _items(text: str, key: str, node: yaml.SequenceNode) -> list[Item]:
    found = []
    for child in node.value:
        line = child.start_mark.line + 1
        if not isinstance(child, yaml.MappingNode):
            raise TargetError(f"an item of `{key}` is not a mapping", line)
        dash = text.rindex("-", 0, child.start_mark.index)
        found.append(
            Item(node=child, start=text.rfind("\n", 0, dash) + 1, end=_line_end(text, _last(child)), line=line)
        )
    return found


def _last(node: yaml.Node) -> int:
    """Where the text of a node ends; the end of a block collection lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _line_end(text: str, index: int) -> int:
    """The offset behind the line that *index* lies in; a block scalar ends where the next line begins."""
    if index and text[index - 1 : index] == "\n":
        return index
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _find(node: yaml.Node, path: Sequence[str]) -> yaml.Node | None:
    found: yaml.Node | None = node
    for key in path:
        if not isinstance(found, yaml.MappingNode):
            return None
        values = [value for name, value in found.value if name.value == key]
        if len(values) > 1:
            raise TargetError(f"`{key}` stands twice", found.start_mark.line + 1)
        found = values[0] if values else None
    return found


def _key_line(node: yaml.Node | None, key: str) -> int:
    names = [name for name, _ in node.value if name.value == key] if isinstance(node, yaml.MappingNode) else []
    return int(names[0].start_mark.line) + 1 if names else 1


def _refuse_shared(root: yaml.Node | None) -> None:
    """Refuse aliases and merge keys: one text would stand in two places, and an edit of one would change both."""
    seen: set[int] = set()
    stack = [root] if root else []
    while stack:
        node = stack.pop()
        if id(node) in seen:
            raise TargetError("it uses an alias, and so cannot be edited in place", node.start_mark.line + 1)
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                if name.value == "<<":
                    raise TargetError("it uses a merge key, and so cannot be edited in place", name.start_mark.line + 1)
                stack += [name, value]
        elif isinstance(node, yaml.SequenceNode):
            stack += node.value
