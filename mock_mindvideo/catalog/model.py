"""A model: a folder of JSON files, loaded and checked; a new one needs no Python."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.contested import FilePatches, patched
from mock_mindvideo.catalog.files import CatalogError, read_object, state_of
from mock_mindvideo.catalog.forms import read_checked
from mock_mindvideo.catalog.prices import load_pricing
from mock_mindvideo.catalog.structure import defaults, properties
from mock_mindvideo.catalog.validation import BrokenRule, Rules
from mock_mindvideo.domain.advice import References
from mock_mindvideo.domain.footage import Footage
from mock_mindvideo.domain.pricing import Pricing
from mock_mindvideo.domain.representation import OutputKind


@dataclass(frozen=True, slots=True)
class Model:
    """One model folder. Inputs are JSON objects as `read_json` gives them."""

    slug: str
    title: str
    output: OutputKind
    example: Mapping[str, Any]
    folder: Path
    pricing: Pricing
    references: References
    rules: tuple[Rules, ...]
    upstream: Rules | None
    defaults: Mapping[str, Any]
    charge_on: str
    sizes: Mapping[str, Mapping[str, Sequence[int]]]
    sound: bool | Sequence[str]
    footage: Footage | None = None
    fidelity: str = "documented"

    @property
    def input_schema(self) -> dict[str, Any]:
        """What the vendor publishes, unchanged."""
        return self.rules[0].schema

    @property
    def rules_schema(self) -> dict[str, Any] | None:
        """What the vendor says only in prose, or None."""
        return self.rules[1].schema if len(self.rules) > 1 else None

    @property
    def upstream_schema(self) -> dict[str, Any] | None:
        """Inferred rules, or None."""
        return self.upstream.schema if self.upstream else None

    def violations(self, given: object, *, strict: bool = False) -> tuple[BrokenRule, ...]:
        """Every rule that the input breaks; with `strict` the inferred ones too.

        Those are asked only of inputs that break no other, since those have bounds.
        """
        broken: tuple[BrokenRule, ...] = ()
        for rules in self.rules:
            broken += rules.violations(given)
        if strict and self.upstream and not broken:
            broken = self.upstream.violations(given)
        return broken

    def fill(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The input as it is meant: with the schema's top-level defaults, and the length of its
        clips for a duration of 0."""
        filled = {**self.defaults, **given}
        return self.footage.settled(filled) if self.footage else filled

    def sounds(self, given: Mapping[str, Any]) -> bool:
        """Whether the clip of an input has sound."""
        if isinstance(self.sound, bool):
            return self.sound
        return any(_asks(given, name.split("/")) for name in self.sound)

    def estimate(self, given: Mapping[str, Any]) -> Decimal:
        """The cost of a valid input in US dollars."""
        return self.pricing.estimate(self.fill(given))

    def advice(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        """Likely mistakes in a valid input that are not errors."""
        advice = self.references.advice(given)
        if self.upstream is None or self.upstream.is_valid(given):
            return advice
        return (*advice, *(violation.message for violation in self.upstream.violations(given)))


_UNCHANGED: FilePatches = {}

#: The longest clip that a model takes, where its folder does not say (I05).
MOST_SECONDS = 30

#: The files without which a folder is no model.
NEEDED = ("model.json", "input.schema.json", "pricing.json")
_WORDED = f"{', '.join(NEEDED[:-1])} and {NEEDED[-1]}"


def missing(folder: Path) -> CatalogError | None:
    """The first file that the model in `folder` still lacks, or None.

    A file that is blank, or ends in the middle of its JSON, is one that somebody is writing.
    """
    for name in NEEDED:
        file = folder / name
        lack = "is missing" if not file.exists() else state_of(file)
        if lack:
            return CatalogError(file, "", f"{lack}; a model needs {_WORDED}")
    return None


def load_model(folder: Path, patches: FilePatches = _UNCHANGED) -> Model:
    """The model in `folder`, with some of its files patched.

    Raises CatalogError for a bad or missing file.
    """
    about = patched(read_checked(folder / "model.json", "model"), "model.json", patches)
    if about["slug"] != folder.name:
        raise CatalogError(folder / "model.json", "/slug", f"must be '{folder.name}', the folder")
    rules = [_rules(folder / "input.schema.json", patches)]
    if (folder / "rules.schema.json").is_file():
        rules.append(_rules(folder / "rules.schema.json", patches, titled=True))
    footage = _footage(folder / "model.json", about, rules[0].schema)
    pricing = load_pricing(folder / "pricing.json", rules[0].schema, footage, patches)
    upstream = folder / "upstream.schema.json"
    model = Model(
        slug=about["slug"],
        title=about["title"],
        output=about["output"],
        example=about["example"],
        folder=folder,
        pricing=pricing,
        references=References(
            (each["property"], each["names"]) for each in about.get("references", ())
        ),
        rules=tuple(rules),
        upstream=_rules(upstream, patches, titled=True) if upstream.is_file() else None,
        defaults=defaults(rules[0].schema),
        charge_on=" ".join(pricing.charge_on),
        sizes={name.upper(): ratios for name, ratios in about.get("sizes", {}).items()},
        sound=about.get("sound", False),
        footage=footage,
        fidelity=about.get("fidelity", "documented"),
    )
    _check_example(model)
    return model


def _rules(file: Path, patches: FilePatches, *, titled: bool = False) -> Rules:
    return Rules(file, patched(read_object(file), file.name, patches), titled=titled)


def _footage(file: Path, about: Mapping[str, Any], schema: Mapping[str, Any]) -> Footage | None:
    source = about.get("source")
    if source is None:
        return None
    named = properties(schema)
    for at, name in _named(source):
        if name not in named:
            raise CatalogError(file, at, f"'{name}' is not a property of input.schema.json")
    return Footage(
        tuple(source["properties"]),
        Decimal(str(source["seconds"])),
        Decimal(str(source.get("most", MOST_SECONDS))),
        source.get("duration"),
    )


def _named(source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The properties that `source` names, each with its pointer."""
    for index, name in enumerate(source["properties"]):
        yield f"/source/properties/{index}", name
    if "duration" in source:
        yield "/source/duration", source["duration"]


def _asks(value: Any, way: Sequence[str]) -> bool:
    """Whether something that is there and not false stands where `way` leads."""
    if not way:
        return bool(value)
    if way[0] == "*":
        return isinstance(value, list) and any(_asks(each, way[1:]) for each in value)
    return isinstance(value, Mapping) and _asks(value.get(way[0]), way[1:])


def _check_example(model: Model) -> None:
    broken = model.violations(model.example)
    if broken:
        where, _, why, rule = broken[0]
        reason = f"the example is not valid: {why} ({rule})"
        raise CatalogError(model.folder / "model.json", f"/example{where}", reason)
