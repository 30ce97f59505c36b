"""The keywords of JSON Schema by what they hold."""

#: Keywords that only tell; a change of them is told, and breaks nobody.
ANNOTATIONS = frozenset(
    ("title", "description", "examples", "example", "$comment", "$schema", "deprecated",
     "readOnly", "writeOnly", "discriminator", "externalDocs", "xml", "default",
     "$defs", "definitions", "$anchor", "$dynamicAnchor", "$id", "id", "$vocabulary",
     "$recursiveAnchor")
)  # fmt: skip

#: Keywords that hold schemas by name, one schema, and a list of schemas.
MAPPINGS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
SINGLES = ("additionalProperties", "items", "contains", "propertyNames", "additionalItems", "not",
           "if", "then", "else", "unevaluatedProperties", "unevaluatedItems")  # fmt: skip
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
