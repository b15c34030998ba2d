"""What `sotctl explain` says of the rules that reading and validating a document can break."""

from __future__ import annotations

from sotctl.findings import Explanation

_READ = "A document that two readers can read differently cannot be a source of truth."
_FIELD = "The schema of the document's kind is the one description that prompts, checks and documentation share."
_JSON = "The gate decides on these bytes; every reader must take them for the same thing."
_PAIR = (
    "A pair is compared as exact bytes; what floats, hides or matches more than itself admits more than was approved."
)
_APPROVAL = "An admission stands on a person's word, given on a day that can be looked up."

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
        "configuration-invalid",
        "sot.toml is valid and has known keys only.",
        "A misspelt key would be a rule that does not hold.",
        "Correct the line; `sotctl schema sot` lists the keys.",
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
        "class-contradicts-provider",
        "The credential class fits the provider.",
        _PAIR,
        "Name the class that belongs to the provider.",
    ),
    (
        "review-before-admission",
        "The review-by date is not before the admission.",
        "It would be due when it is made.",
        "Decide anew with a later date.",
    ),
    (
        "approval-source-missing",
        "An admission names who approved it.",
        _APPROVAL,
        "Decide with `sotctl decide` and give the approval; a placeholder such as TBD counts as missing.",
    ),
    (
        "approval-source-invalid",
        "An approval has one of two forms.",
        _APPROVAL,
        "Write `<approver> <channel> approval on <YYYY-MM-DD>` or `Core route <REF>`.",
    ),
    (
        "approval-approver-unknown",
        "The approver is listed in sot.toml.",
        _APPROVAL,
        "Add the approver under `[approval] approvers`.",
    ),
    ("approval-date-invalid", "The approval's day exists.", _APPROVAL, "Write the real date."),
    ("approval-date-future", "The approval is not dated in the future.", _APPROVAL, "Write the real date."),
    ("approval-after-admission", "The approval is not later than the admission.", _APPROVAL, "Decide anew."),
    ("json-too-large", "An admission is at most 64 KiB.", _JSON, "Derive it again."),
    ("json-empty", "An admission is not empty.", _JSON, "Derive it again."),
    ("json-bom", "An admission has no byte order mark.", _JSON, "Derive it again."),
    ("json-not-utf8", "An admission is UTF-8.", _JSON, "Derive it again."),
    ("json-invalid", "An admission is valid JSON.", _JSON, "Derive it again."),
    ("json-too-deep", "An admission is flat.", _JSON, "Derive it again."),
    ("json-trailing", "Nothing follows the object.", _JSON, "Derive it again."),
    ("json-not-object", "The root is an object.", _JSON, "Derive it again."),
    ("json-duplicate-key", "No key stands twice.", _JSON, "Derive it again."),
    ("json-number", "No number stands where text is meant.", _JSON, "Derive it again."),
    ("json-surrogate", "Text is whole Unicode.", _JSON, "Derive it again."),
    (
        "store-case-twin",
        "No folder is `.sot` but for case, characters that are not seen, or what Windows drops.",
        "Where the file system does not tell them apart, it would be the store.",
        "Rename the folder.",
    ),
    (
        "tree-damaged",
        "A tree names each entry once, in git's order, and by a name without `/`.",
        "Git takes the first of two entries and another reader the last, so that what is checked would not be what is read.",
        "`git fsck` names what is wrong; `git read-tree` and `git write-tree` make the tree anew.",
    ),
    (
        "baseline-invalid",
        "The baseline of accepted false alarms can be read.",
        "A baseline that reads two ways could accept what nobody reviewed.",
        "Correct the line, or make it again with `sotctl scan --update-baseline`.",
    ),
    (
        "baseline-stale",
        "Every line of the baseline accepts something that is there.",
        "A line that outlives what it accepted would accept it again one day, unreviewed.",
        "Take the line out with `sotctl scan --update-baseline`.",
    ),
    (
        "secret",
        "No secret is committed.",
        "Git keeps what it was given; a secret that was committed is a secret that leaked.",
        "Take it out of the file, stage the file again, and revoke the secret where it was issued.",
    ),
)

EXPLANATIONS = {
    id_: Explanation(
        id=id_, summary=summary, why=why, mend=mend.replace("Derive it again.", "Run `sotctl admission generate`.")
    )
    for id_, summary, why, mend in _TABLE
}
