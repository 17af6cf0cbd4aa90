"""Names that need no import: the library's globals, ambient modules, and what declaration files add.

Rules: the TypeScript handbook, "Global Augmentation", "Ambient Modules"; a `.d.ts` file that imports and
exports nothing at its top declares for all files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.library import Library, ReadStub
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Naming
from isg.graph.linking.values import ClassEntity, Entity, External
from isg.graph.semantics.typescript.classes import Member
from isg.graph.semantics.typescript.entities import NamespaceObject
from isg.graph.semantics.typescript.names import Found, Item, Meaning
from isg.parsers.facts import ScopeKind

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

LIBRARY = "<library>"
_STUBS = Library("typescript", "isg.graph.semantics.typescript.library")
_GLOBAL = ("ecmascript", "dom", "node")  # stubs whose top-level names are global
DECLARED = "declared"  # the kind of question which declaration files declare a name for all files
_NODE = "node:"
_GLOBAL_OBJECTS = frozenset({"globalThis", "window", "self"})
_WINDOW = "Window"
_ADDED = "+"  # before the path of a module that a file adds to


class Globals:
    """Looks up what stands in no file's own scopes."""

    def __init__(self, typescript: TypeScript, read: ReadStub) -> None:
        self._typescript = typescript
        self._read = read
        self._stubs: dict[str, Module | None] = {}
        self._classes: dict[str, ClassEntity | None] = {}
        self._blocks: dict[Module, dict[str, int]] = {}
        self._global_scopes: dict[Module, tuple[int, ...]] = {}
        self._declarers: dict[str, list[Module]] | None = None  # declaration files by global name
        self._noted: set[tuple[Module | None, str]] = set()  # look-ups that are on record
        self.augmenters = frozenset(typescript.project.augmenters)

    # the library

    def _stub(self, name: str, module_name: str) -> Module | None:
        if name not in self._stubs:
            facts = _STUBS.facts(name, self._read)
            path = f"{LIBRARY}/{name}.stub"
            self._stubs[name] = (
                Module(path, Naming(module_name), lambda: facts, library=True) if facts is not None else None
            )
        return self._stubs[name]

    def library_module(self, specifier: str) -> Module | None:
        """The stub of a module of Node.js."""
        name = specifier.removeprefix(_NODE)
        stub = f"node.{name.replace('/', '.')}"
        return self._stub(stub, name) if name.replace("/", "").replace("_", "").isalnum() else None

    def _shared(self) -> Iterator[Module]:
        for name in _GLOBAL:
            module = self._stub(name, "")
            if module is not None:
                yield module

    def library_class(self, name: str) -> ClassEntity | None:
        """A global interface or class of the library, by its name."""
        if name not in self._classes:
            found = None
            for module in self._shared():
                symbol = module.symbol_of_name.get(name)
                if symbol is not None:
                    found = self._typescript.classes.entity(module, symbol)
                    break
            self._classes[name] = found
        return self._classes[name]

    # names

    def lookup(self, module: Module, name: str, meaning: Meaning) -> Found:
        """What a name means that no scope around it declares."""
        found: dict[Item, None] = {}
        adds = meaning is Meaning.TYPE and self.library_class(name) is not None
        if not module.library and not adds:  # what is declared beside a class of the library adds to it
            found.update(dict.fromkeys(self._ambient(name, meaning)))
        for stub in self._shared():
            if stub is not module:
                found.update(dict.fromkeys(self._typescript.names.in_scope(stub, 0, name, meaning)))
            if found:
                break
        if not found and name in KNOWN_GLOBALS:
            return (self._typescript.universe.external(name),)
        return tuple(found)

    def of_global_object(self, entity: External, name: str) -> Found:
        """What the project declares for all files that is a member of `globalThis` (and of `window`)."""
        if entity.name not in _GLOBAL_OBJECTS:
            return ()
        found = list(self._ambient(name, Meaning.VALUE))
        for declaring in self.asked(_WINDOW) if not found else ():
            for item in self.declared(declaring, _WINDOW, Meaning.TYPE):
                symbol = item[0].facts.bindings[item[1]].symbol if isinstance(item, tuple) else -1
                bindings = self._typescript.classes.own(declaring, symbol, name, False) if symbol >= 0 else ()
                found += [(declaring, binding) for binding in bindings]
        return tuple(found)

    def added(self, class_: ClassEntity, name: str) -> Member | None:
        """A member that the project declares for a class of the library (handbook, "Global Augmentation")."""
        class_name = class_.module.facts.symbols[class_.symbol].name
        for declaring in self.asked(class_name):
            for item in self.declared(declaring, class_name, Meaning.TYPE):
                symbol = item[0].facts.bindings[item[1]].symbol if isinstance(item, tuple) else -1
                if symbol < 0 or declaring.facts.symbols[symbol].kind != "interface":
                    continue
                bindings = self._typescript.classes.own(declaring, symbol, name, False)
                if bindings:
                    owner = self._typescript.classes.entity(declaring, symbol)
                    owner = self._typescript.classes.applied(owner, class_.arguments)
                    return Member(owner, bindings)
        return None

    def platform_name(self, class_: ClassEntity) -> str | None:
        """The name of a class of the platform, without a stub, that a declaration of the project adds to."""
        symbol = class_.module.facts.symbols[class_.symbol]
        declares = symbol.kind == "interface" and symbol.parent == 0
        if declares and symbol.name in KNOWN_GLOBALS and self._is_global(class_):
            return symbol.name
        return None

    def _is_global(self, class_: ClassEntity) -> bool:
        place = self._typescript.classes.place(class_.module, class_.symbol)
        return place is not None and place[0] in self.scopes(class_.module)

    def _declaring(self) -> Iterator[Module]:
        """The files of the project that declare names for others, in order of path."""
        for path in sorted({*self._typescript.modules.declarations, *self.augmenters}):
            yield self._typescript.load(path)

    def _ambient(self, name: str, meaning: Meaning) -> Iterator[Item]:
        """What is declared for all files; of the declarations of one interface the first stands for all."""
        has_interface = False
        for declaring in self.asked(name):
            for item in self.declared(declaring, name, meaning):
                if meaning is Meaning.TYPE and self._is_interface(item):
                    if has_interface:
                        continue
                    has_interface = True
                yield item

    def _is_interface(self, item: Item) -> bool:
        symbol = item[0].facts.bindings[item[1]].symbol if isinstance(item, tuple) else -1
        return isinstance(item, tuple) and symbol >= 0 and item[0].facts.symbols[symbol].kind == "interface"

    def asked(self, name: str) -> list[Module]:
        """The files that declare a name for others; on record for the file being read."""
        reader, declarers = self._typescript.reader, self.declarers(name)
        if reader is not None and (reader, name) not in self._noted:
            self._noted.add((reader, name))
            self._typescript.record(reader, (DECLARED, name))
            for declaring in declarers:
                self._typescript.consult(declaring, "global", declaring.path, name)
        return declarers

    def declarers(self, name: str) -> list[Module]:
        """The declaration files that declare a global name, or an ambient module by its name in quotes."""
        if self._declarers is None:
            self._declarers = {}
            for declaring in self._declaring():
                scopes = declaring.facts.scopes
                names = (name for index in self.scopes(declaring) for name in scopes[index].names)
                for each in dict.fromkeys((*names, *self._blocks_of(declaring))):
                    self._declarers.setdefault(each, []).append(declaring)
        return self._declarers.get(name, [])

    def scopes(self, declaring: Module) -> tuple[int, ...]:
        """The scopes of a file whose names are global: of a script that declares, of `declare global`."""
        found = self._global_scopes.get(declaring)
        if found is None:
            declares = declaring.path in self._typescript.modules.declarations
            script = (0,) if declares and self._typescript.exports.is_script(declaring) else ()
            scopes = enumerate(declaring.facts.scopes)
            inner = (i for i, s in scopes if i and s.kind is ScopeKind.MODULE and s.symbol == 0)
            found = self._global_scopes[declaring] = (*script, *inner)
        return found

    def declared(self, declaring: Module, name: str, meaning: Meaning) -> Found:
        """What a declaration file says of a global name."""
        before = self._typescript.reading(declaring)
        try:
            in_scope = self._typescript.names.in_scope
            found = [in_scope(declaring, scope, name, meaning) for scope in self.scopes(declaring)]
            return tuple(item for items in found for item in items)
        finally:
            self._typescript.reading(before)

    def _blocks_of(self, declaring: Module) -> dict[str, int]:
        """The first `declare module "…"` of each name at the top of a file.

        In a module it adds to another one, and is kept by the path of that, where the project has it.
        """
        found = self._blocks.get(declaring)
        if found is None:
            found = self._blocks[declaring] = {}
            is_script = self._typescript.exports.is_script(declaring)
            for index, symbol in enumerate(declaring.facts.symbols):
                if symbol.kind == "namespace" and symbol.parent == 0 and symbol.name.startswith('"'):
                    name = symbol.name if is_script else self._added_to(declaring, symbol.name)
                    found.setdefault(name, index)
        return found

    def _added_to(self, declaring: Module, name: str) -> str:
        return f"{_ADDED}{self._typescript.modules.find(declaring.path, name[1:-1]) or name}"

    def augmentations(self, module: Module) -> Iterator[tuple[Module, int]]:
        """The blocks of other files that add to a module."""
        name = f"{_ADDED}{module.path}"
        for declaring in self.asked(name):
            yield declaring, self._blocks_of(declaring)[name]

    def declares_module(self, declaring: Module, name: str) -> bool:
        return name in self._blocks_of(declaring)

    def ambient_module(self, specifier: str) -> Entity | None:
        """What `declare module "specifier"` of some declaration file declares."""
        name = f'"{specifier}"'
        for declaring in self.asked(name):
            symbol = self._blocks_of(declaring).get(name)
            if symbol is not None:
                return self._typescript.universe.intern(NamespaceObject, declaring, symbol)
        return None


# Globals of ECMAScript, the web platform, Node.js and the common test runners that no stub declares.
KNOWN_GLOBALS = frozenset(
    [
        "globalThis", "window", "self", "document", "navigator", "location", "history", "screen",
        "frames", "parent", "top", "opener", "origin", "localStorage", "sessionStorage", "indexedDB",
        "caches", "crypto", "performance", "console", "alert", "confirm", "prompt", "fetch",
        "requestAnimationFrame", "cancelAnimationFrame", "requestIdleCallback", "cancelIdleCallback",
        "queueMicrotask", "structuredClone", "setTimeout", "clearTimeout", "setInterval",
        "clearInterval", "setImmediate", "clearImmediate", "addEventListener", "removeEventListener",
        "dispatchEvent", "getComputedStyle", "matchMedia", "getSelection", "scrollTo", "scroll",
        "postMessage", "reportError", "btoa", "atob", "process", "Buffer", "global", "require",
        "module", "exports", "__dirname", "__filename", "undefined", "NaN", "Infinity", "eval",
        "isFinite", "isNaN", "parseFloat", "parseInt", "decodeURI", "decodeURIComponent", "encodeURI",
        "encodeURIComponent", "escape", "unescape", "arguments", "Object", "Function", "Boolean",
        "Symbol", "Number", "BigInt", "Math", "Date", "String", "RegExp", "Array", "Int8Array",
        "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
        "BigInt64Array", "BigUint64Array", "Float16Array", "Float32Array", "Float64Array", "Map", "Set",
        "WeakMap", "WeakSet", "WeakRef", "FinalizationRegistry", "ArrayBuffer", "SharedArrayBuffer",
        "DataView", "Atomics", "JSON", "Iterator", "Generator", "GeneratorFunction", "AsyncFunction",
        "AsyncGenerator", "Promise", "Reflect", "Proxy", "Intl", "WebAssembly", "Error",
        "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError",
        "URIError", "SuppressedError", "DisposableStack", "AsyncDisposableStack", "AbortController",
        "AbortSignal", "Audio", "AudioContext", "Blob", "BroadcastChannel", "ByteLengthQueuingStrategy",
        "CanvasRenderingContext2D", "CloseEvent", "Comment", "CompressionStream",
        "CountQueuingStrategy", "CSSStyleSheet", "CustomEvent", "DecompressionStream", "DOMException",
        "DOMParser", "DOMRect", "Document", "DocumentFragment", "DragEvent", "Element", "ErrorEvent",
        "Event", "EventSource", "EventTarget", "File", "FileList", "FileReader", "FormData", "Headers",
        "HTMLElement", "Image", "ImageData", "InputEvent", "IntersectionObserver", "KeyboardEvent",
        "MediaQueryList", "MediaRecorder", "MediaStream", "MessageChannel", "MessageEvent",
        "MessagePort", "MouseEvent", "MutationObserver", "Node", "NodeList", "Notification",
        "OffscreenCanvas", "Path2D", "PerformanceObserver", "PointerEvent", "PopStateEvent",
        "ProgressEvent", "PromiseRejectionEvent", "Range", "ReadableStream", "Request",
        "ResizeObserver", "Response", "Selection", "ServiceWorker", "SharedWorker", "Storage",
        "StorageEvent", "SubtleCrypto", "SVGElement", "Text", "TextDecoder", "TextDecoderStream",
        "TextEncoder", "TextEncoderStream", "TouchEvent", "TransformStream", "UIEvent", "URL",
        "URLSearchParams", "WebSocket", "WheelEvent", "Window", "Worker", "WritableStream",
        "XMLHttpRequest", "XMLSerializer", "HTMLAnchorElement", "HTMLButtonElement",
        "HTMLCanvasElement", "HTMLDivElement", "HTMLFormElement", "HTMLImageElement",
        "HTMLInputElement", "HTMLSelectElement", "HTMLSpanElement", "HTMLTextAreaElement",
        "HTMLVideoElement", "describe", "it", "test", "expect", "beforeEach", "afterEach", "beforeAll",
        "afterAll", "before", "after", "suite", "jest", "vi", "NodeJS", "JSX", "React",
        "BufferEncoding", "Deno", "Bun", "define", "$", "jQuery", "Partial", "Required", "Readonly",
        "Record", "Pick", "Omit", "Exclude", "Extract", "NonNullable", "Parameters",
        "ConstructorParameters", "ReturnType", "InstanceType", "ThisParameterType", "OmitThisParameter",
        "ThisType", "Awaited", "NoInfer", "Uppercase", "Lowercase", "Capitalize", "Uncapitalize",
        "PropertyKey", "PropertyDescriptor", "TemplateStringsArray", "ArrayLike", "PromiseLike",
    ]
)  # fmt: skip
