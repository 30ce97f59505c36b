"""A model: a folder of JSON files, loaded and checked; a new one needs no Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.files import CatalogError, read_object, state_of
from mock_mindvideo.catalog.forms import read_checked
from mock_mindvideo.catalog.prices import load_pricing
from mock_mindvideo.catalog.structure import defaults
from mock_mindvideo.catalog.validation import BrokenRule, Rules
from mock_mindvideo.domain.advice import References, prompt_advice
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
    references: tuple[References, ...]
    rules: tuple[Rules, ...]
    upstream: Rules | None
    defaults: Mapping[str, Any]
    charge_on: str

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
        """The input with the schema's top-level defaults filled in."""
        return {**self.defaults, **given}

    def estimate(self, given: Mapping[str, Any]) -> Decimal:
        """The cost of a valid input in US dollars."""
        return self.pricing.estimate(self.fill(given))

    def advice(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        """Likely mistakes in a valid input that are not errors."""
        advice = prompt_advice(self.references, given)
        if self.upstream and not self.upstream.is_valid(given):
            advice += [violation.message for violation in self.upstream.violations(given)]
        return tuple(advice)


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


def load_model(folder: Path) -> Model:
    """The model in `folder`; raises CatalogError for a bad or missing file."""
    about = read_checked(folder / "model.json", "model")
    if about["slug"] != folder.name:
        raise CatalogError(folder / "model.json", "/slug", f"must be '{folder.name}', the folder")
    rules = [_rules(folder / "input.schema.json")]
    if (folder / "rules.schema.json").is_file():
        rules.append(_rules(folder / "rules.schema.json", titled=True))
    pricing = load_pricing(folder / "pricing.json", rules[0].schema)
    upstream = folder / "upstream.schema.json"
    model = Model(
        slug=about["slug"],
        title=about["title"],
        output=about["output"],
        example=about["example"],
        folder=folder,
        pricing=pricing,
        references=tuple(
            References(each["property"], tuple(each["names"]))
            for each in about.get("references", ())
        ),
        rules=tuple(rules),
        upstream=_rules(upstream, titled=True) if upstream.is_file() else None,
        defaults=defaults(rules[0].schema),
        charge_on=" ".join(pricing.charge_on),
    )
    _check_example(model)
    return model


def _rules(file: Path, *, titled: bool = False) -> Rules:
    return Rules(file, read_object(file), titled=titled)


def _check_example(model: Model) -> None:
    broken = model.violations(model.example)
    if broken:
        where, _, why, rule = broken[0]
        reason = f"the example is not valid: {why} ({rule})"
        raise CatalogError(model.folder / "model.json", f"/example{where}", reason)
