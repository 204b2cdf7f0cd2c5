"""`{library} chainrule.dense`: everything public in a module, from its own docstrings.

    ```{library} chainrule.dense
    :chapter: foundations/linear-layers
    ```

The chapter is linked once it exists. A package shows what it exports, a module what it defines.
"""

import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from website.reference.docstring import doc_nodes


class Library(SphinxDirective):
    """The reference of one module."""

    required_arguments = 1
    option_spec: ClassVar[dict] = {"chapter": str}

    def run(self) -> list[nodes.Node]:
        module = import_module(self.arguments[0])
        for source in (inspect.getfile(module), *Path(__file__).parent.glob("*.py")):
            self.env.note_dependency(str(source))
        made = doc_nodes(inspect.getdoc(module) or "")
        chapters = [self._link(slug) for slug in self.options.get("chapter", "").split() if self._exists(slug)]
        if chapters:
            said = nodes.paragraph(classes=["derived-in"])
            said += nodes.Text("Derived in ")
            for i, chapter in enumerate(chapters):
                said += [nodes.Text(", ")] * bool(i) + [chapter]
            made.append(said)
        return made + [self._entry(name, thing) for name, thing in public(module).items()]

    def _exists(self, slug: str) -> bool:
        return f"book/{slug}" in self.env.found_docs

    def _link(self, slug: str) -> nodes.Node:
        options = {"reftype": "doc", "refdomain": "std", "refexplicit": False, "refwarn": True}
        return addnodes.pending_xref("", nodes.inline(), reftarget=f"/book/{slug}", refdoc=self.env.docname, **options)

    def _entry(self, name: str, thing: Any) -> nodes.section:
        made = nodes.section(ids=[nodes.make_id(name) if name.islower() else name], names=[name])
        self.env.note_dependency(inspect.getfile(thing))
        made += nodes.title("", "", nodes.literal(name, name))
        made += addnodes.index(entries=[("single", f"{name} ({self.arguments[0]})", made["ids"][0], "", None)])
        made += _code(name + signature(thing))
        made += doc_nodes(inspect.getdoc(thing) or "")
        if inspect.isclass(thing):
            made += _members(thing)
        return made


def public(module: ModuleType) -> dict[str, Any]:
    """The classes and functions that a package exports, or a module defines, in their order."""
    if hasattr(module, "__all__"):
        names = {name: getattr(module, name) for name in module.__all__}
    else:
        names = {k: v for k, v in vars(module).items() if getattr(v, "__module__", None) == module.__name__}
    return {k: v for k, v in names.items() if k[0] != "_" and (inspect.isclass(v) or inspect.isfunction(v))}


def signature(thing: Any) -> str:
    """(n_in, n_out, rng, init=glorot): names and defaults, without the types."""
    try:
        given = inspect.signature(thing)
    except ValueError:
        return ""
    plain = [
        p.replace(annotation=inspect.Parameter.empty, default=_default(p.default)) for p in given.parameters.values()
    ]
    return str(given.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def _default(value: Any) -> Any:
    """Functions and types by their name; everything else as Python writes it."""
    named = value is not inspect.Parameter.empty and callable(value) and hasattr(value, "__name__")
    return _Name(value.__name__) if named else value


class _Name(str):
    def __repr__(self) -> str:
        return str(self)


def _members(thing: type) -> nodes.definition_list:
    """The public methods and properties that the class itself defines."""
    members = nodes.definition_list(classes=["members"])
    for name, value in vars(thing).items():
        call = getattr(value, "__func__", value)
        if name[0] == "_" or not value.__doc__ or not (inspect.isfunction(call) or isinstance(value, property)):
            continue  # what is inherited with its docstring, such as label, is said once, where it comes from
        sign = "" if isinstance(value, property) else signature(call).replace("(self, ", "(").replace("(self)", "()")
        term = nodes.term("", "", nodes.literal(name, name + sign))
        members += nodes.definition_list_item(
            "", term, nodes.definition("", *doc_nodes(inspect.cleandoc(value.__doc__)))
        )
    return members


def _code(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language="python", classes=["signature"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("library", Library)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
