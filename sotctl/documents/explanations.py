"""What `sotctl explain` says of the rules that reading and validating a document can break."""

from __future__ import annotations

from sotctl.findings import explained

_READ = "A document that two readers can read differently cannot be a source of truth."
_FIELD = "The schema of the document's kind is the one description that prompts, checks and documentation share."
_PAIR = (
    "A pair is compared as exact bytes; what floats, hides or matches more than itself admits more than was approved."
)

_TABLE = (
    (
        "document-too-large",
        "A governed document is at most 4 MiB.",
        "It is read whole, in a hook, by everyone.",
        "Split it.",
    ),
    ("encoding-not-utf8", "A governed document is UTF-8.", _READ, "Save the file as UTF-8."),
    ("encoding-bom", "A governed document has no byte order mark.", _READ, "Remove the first three bytes."),
    ("character-forbidden", "No character hides or breaks text.", _READ, "Remove the character that the line holds."),
    (
        "conflict-marker",
        "A governed document holds no conflict of a merge.",
        "With both sides in it a status stands twice, and whoever reads it takes the side that comes first.",
        "Keep what is meant, take the lines `<<<<<<<`, `=======` and `>>>>>>>` out, and stage the file again.",
    ),
    (
        "frontmatter-missing",
        "A governed document begins with frontmatter.",
        _FIELD,
        "Begin the file with `---`, the fields, `---`.",
    ),
    ("frontmatter-unclosed", "Frontmatter ends with a line `---`.", _READ, "Add the closing line."),
    ("frontmatter-one-line", "The header stands on lines of its own.", _READ, "Break the line after `---`."),
    ("frontmatter-boundary", "The boundary is exactly three hyphens.", _READ, "Write `---`."),
    ("frontmatter-not-mapping", "The frontmatter is a list of `key: value` lines.", _READ, "Write `key: value` lines."),
    ("yaml-invalid", "The frontmatter is valid YAML.", _READ, "Mend the line that the finding names."),
    ("yaml-duplicate-key", "A key stands once.", "Readers differ in which of two values wins.", "Remove one of them."),
    ("yaml-anchor", "Frontmatter has no anchors.", _READ, "Write the value out."),
    ("yaml-alias", "Frontmatter has no aliases.", _READ, "Write the value out."),
    ("yaml-merge-key", "Frontmatter has no merge keys.", _READ, "Write the fields out."),
    ("yaml-tag", "Frontmatter has no tags.", "A tag can make a value anything.", "Remove the tag."),
    ("yaml-directive", "Frontmatter has no directives.", _READ, "Remove the line."),
    ("yaml-document", "Frontmatter is one document.", _READ, "Remove the second document."),
    ("yaml-key", "A key is one word.", _READ, "Write a plain key."),
    ("yaml-too-deep", "Frontmatter is flat.", _READ, "Flatten the value."),
    (
        "yaml-ambiguous",
        "A value reads as what it looks like.",
        "YAML takes `no`, `010`, `1:30`, `5.10` or `JP #42` for something else than the text they look like.",
        "Put the value in quotes.",
    ),
    ("field-missing", "Every required field is there and says something.", _FIELD, "Add the field with its value."),
    (
        "field-unknown",
        "Only the fields of the schema are there.",
        "A misspelt field is a field that is missing.",
        "Correct the name, or list it in `[store] extra_frontmatter` of sot.toml.",
    ),
    (
        "field-type",
        "A field is of its schema's type.",
        _FIELD,
        "Write the value as the schema has it: `sotctl schema`.",
    ),
    (
        "field-value",
        "A field has a value that its schema allows.",
        _FIELD,
        "Write one of the allowed values: `sotctl schema`.",
    ),
    ("date-invalid", "A date is a day that exists, written YYYY-MM-DD.", _READ, "Write the real date."),
    (
        "date-in-future",
        "No date lies in the future.",
        "A record of what has not happened is no record.",
        "Write the real date.",
    ),
    (
        "date-order",
        "`last_reviewed` is not before `created`.",
        "A document is reviewed after it is written.",
        "Write the real dates.",
    ),
    (
        "timestamp-invalid",
        "A timestamp is RFC 3339 with a zone.",
        "Without a zone it names no instant.",
        "Run `sotctl admission generate`.",
    ),
    (
        "timestamp-future",
        "No timestamp lies in the future.",
        "It would have been written before it was decided.",
        "Check the clock.",
    ),
    (
        "record-misnamed",
        "A record is named after its issue and its number.",
        "It is found by that name.",
        "Rename the file.",
    ),
    (
        "issue-status-missing",
        "An issue has a status.",
        "What has no status cannot be moved or blocked.",
        "Write `Status: draft.` under the heading.",
    ),
    (
        "issue-status-twice",
        "An issue has one status.",
        "Readers differ in which of two wins.",
        "Remove one of the lines.",
    ),
    (
        "issue-status-unknown",
        "A status is a word of the table.",
        "Moves are defined for those words only.",
        "Write one of the words, in lower case, with a full stop.",
    ),
    (
        "pair-not-exact",
        "Provider and model are exact, visible ASCII.",
        _PAIR,
        "Write the strings exactly as the backend has them.",
    ),
    (
        "pair-floating",
        "Provider and model name one version.",
        _PAIR,
        "Name the exact version instead of `latest` or `default`.",
    ),
    (
        "store-case-twin",
        "No folder has a name that some file systems take for `.sot`.",
        "Where the file system does not tell them apart, it would be the store.",
        "Rename the folder.",
    ),
    (
        "tree-damaged",
        "A tree names each entry once, in git's order, and by a name without `/`.",
        "Git takes the first of two entries and another reader the last, so that what is checked would not be what is read.",
        "`git fsck` names what is wrong; `git read-tree` and `git write-tree` make the tree anew.",
    ),
)

EXPLANATIONS = explained(_TABLE)
