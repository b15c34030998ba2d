"""The rules that reading and validating a document can break: what each asks, why, and how to mend a breach."""

from __future__ import annotations

from sotctl.findings import Rule

_READ = "A document that two readers can read differently cannot be a source of truth."
_FIELD = "The schema of the document's kind is the one description that prompts, checks and documentation share."
_PAIR = "A pair is compared as exact bytes; a pattern or a floating name would admit more than was approved."
_JSON = "The gate decides on these bytes; every reader must take them for the same thing."
_APPROVAL = "An admission rests on a person's approval, given on a day that can be looked up."
_DERIVE = "Run `sotctl admission generate`."
_DECIDE = "Decide anew with `sotctl decide`, which rewrites the admission."

DOCUMENT_TOO_LARGE = Rule(
    "document-too-large",
    "A governed document is at most 4 MiB.",
    "It is read whole, in a hook, by everyone.",
    "Split it.",
)
ENCODING_NOT_UTF8 = Rule("encoding-not-utf8", "A governed document is UTF-8.", _READ, "Save the file as UTF-8.")
ENCODING_BOM = Rule(
    "encoding-bom", "A governed document has no byte order mark.", _READ, "Remove the first three bytes."
)
CHARACTER_FORBIDDEN = Rule(
    "character-forbidden", "No character hides or breaks text.", _READ, "Remove the character that the line holds."
)
CONFLICT_MARKER = Rule(
    "conflict-marker",
    "A governed document holds no conflict markers of a merge.",
    "The document then holds both statuses, and a reader may take either.",
    "Keep what is meant, take the lines `<<<<<<<`, `=======` and `>>>>>>>` out, and stage the file again.",
)
FRONTMATTER_MISSING = Rule(
    "frontmatter-missing",
    "A governed document begins with frontmatter.",
    _FIELD,
    "Begin the file with `---`, the fields, `---`.",
)
FRONTMATTER_UNCLOSED = Rule(
    "frontmatter-unclosed", "Frontmatter ends with a line `---`.", _READ, "Add the closing line."
)
FRONTMATTER_ONE_LINE = Rule(
    "frontmatter-one-line", "The header stands on lines of its own.", _READ, "Break the line after `---`."
)
FRONTMATTER_BOUNDARY = Rule("frontmatter-boundary", "The boundary is exactly three hyphens.", _READ, "Write `---`.")
FRONTMATTER_NOT_MAPPING = Rule(
    "frontmatter-not-mapping", "The frontmatter is a list of `key: value` lines.", _READ, "Write `key: value` lines."
)
YAML_INVALID = Rule("yaml-invalid", "The frontmatter is valid YAML.", _READ, "Mend the line that the finding names.")
YAML_DUPLICATE_KEY = Rule(
    "yaml-duplicate-key", "A key stands once.", "Readers differ in which of two values wins.", "Remove one of them."
)
YAML_ANCHOR = Rule("yaml-anchor", "Frontmatter has no anchors.", _READ, "Write the value out.")
YAML_ALIAS = Rule("yaml-alias", "Frontmatter has no aliases.", _READ, "Write the value out.")
YAML_MERGE_KEY = Rule("yaml-merge-key", "Frontmatter has no merge keys.", _READ, "Write the fields out.")
YAML_TAG = Rule("yaml-tag", "Frontmatter has no tags.", "A tag can make a value anything.", "Remove the tag.")
YAML_DIRECTIVE = Rule("yaml-directive", "Frontmatter has no directives.", _READ, "Remove the line.")
YAML_DOCUMENT = Rule("yaml-document", "Frontmatter is one document.", _READ, "Remove the second document.")
YAML_KEY = Rule("yaml-key", "A key is one word.", _READ, "Write a plain key.")
YAML_TOO_DEEP = Rule("yaml-too-deep", "Frontmatter is flat.", _READ, "Flatten the value.")
YAML_AMBIGUOUS = Rule(
    "yaml-ambiguous",
    "A value reads as what it looks like.",
    "YAML reads `no`, `010`, `1:30`, `5.10` and `JP #42` as something else than the text they look like.",
    "Put the value in quotes.",
)
FIELD_MISSING = Rule(
    "field-missing", "Every required field is there and says something.", _FIELD, "Add the field with its value."
)
FIELD_UNKNOWN = Rule(
    "field-unknown",
    "Only the fields of the schema are there.",
    "A misspelt field leaves the real one missing.",
    "Correct the name, or list it in `[store] extra_frontmatter` of sot.toml.",
)
FIELD_TYPE = Rule(
    "field-type", "A field is of its schema's type.", _FIELD, "Write the value as the schema has it: `sotctl schema`."
)
FIELD_VALUE = Rule(
    "field-value",
    "A field has a value that its schema allows.",
    _FIELD,
    "Write one of the allowed values: `sotctl schema`.",
)
DATE_INVALID = Rule("date-invalid", "A date is a day that exists, written YYYY-MM-DD.", _READ, "Write the real date.")
DATE_IN_FUTURE = Rule(
    "date-in-future",
    "No date lies in the future.",
    "A record cannot be of something that has not happened yet.",
    "Write the real date.",
)
DATE_ORDER = Rule(
    "date-order",
    "`last_reviewed` is not before `created`.",
    "A document is reviewed after it is written.",
    "Write the real dates.",
)
TIMESTAMP_INVALID = Rule(
    "timestamp-invalid",
    "A timestamp is RFC 3339 with a zone.",
    "Without a zone it names no instant.",
    "Run `sotctl admission generate`.",
)
TIMESTAMP_FUTURE = Rule(
    "timestamp-future",
    "No timestamp lies in the future.",
    "It would have been written before it was decided.",
    "Check the clock.",
)
RECORD_MISNAMED = Rule(
    "record-misnamed",
    "A record is named after its issue and its number.",
    "It is found by that name.",
    "Rename the file.",
)
ISSUE_STATUS_MISSING = Rule(
    "issue-status-missing",
    "An issue has a status.",
    "An issue without a status cannot be moved or blocked.",
    "Write `Status: draft.` under the heading.",
)
ISSUE_STATUS_TWICE = Rule(
    "issue-status-twice", "An issue has one status.", "Readers differ in which of two wins.", "Remove one of the lines."
)
ISSUE_STATUS_UNKNOWN = Rule(
    "issue-status-unknown",
    "A status is a word of the table.",
    "Moves are defined for those words only.",
    "Write one of the words, in lower case, with a full stop.",
)
PAIR_NOT_EXACT = Rule(
    "pair-not-exact",
    "Provider and model are exact, visible ASCII.",
    _PAIR,
    "Write the strings exactly as the backend has them.",
)
PAIR_FLOATING = Rule(
    "pair-floating",
    "Provider and model name one version.",
    _PAIR,
    "Name the exact version instead of `latest` or `default`.",
)
STORE_CASE_TWIN = Rule(
    "store-case-twin",
    "No folder has a name that some file systems take for `.sot`.",
    "On such a file system it would be the store.",
    "Rename the folder.",
)
TREE_DAMAGED = Rule(
    "tree-damaged",
    "A tree names each entry once, in git's order, and by a name without `/`.",
    "Git takes the first of two entries, another reader the last; what is checked would not be what is read.",
    "`git fsck` names what is wrong; `git read-tree` and `git write-tree` make the tree anew.",
)
CLASS_CONTRADICTS_PROVIDER = Rule(
    "class-contradicts-provider",
    "The credential class fits the provider.",
    _PAIR,
    "Name the class that belongs to the provider.",
)
REVIEW_BEFORE_ADMISSION = Rule(
    "review-before-admission",
    "The review-by date is not before the admission.",
    "It would be due when it is made.",
    "Decide anew with a later date.",
)
APPROVAL_SOURCE_MISSING = Rule(
    "approval-source-missing",
    "An admission names who approved it.",
    _APPROVAL,
    "Decide with `sotctl decide` and give the approval; a placeholder such as TBD counts as missing.",
)
APPROVAL_SOURCE_INVALID = Rule(
    "approval-source-invalid",
    "An approval has one of two forms.",
    _APPROVAL,
    "Write `<approver> <channel> approval on <YYYY-MM-DD>` or `Core route <REF>`.",
)
APPROVAL_APPROVER_UNKNOWN = Rule(
    "approval-approver-unknown",
    "The approver is listed in sot.toml.",
    _APPROVAL,
    "Add the approver under `[approval] approvers`.",
)
APPROVAL_CHANNEL_UNKNOWN = Rule(
    "approval-channel-unknown",
    "The channel of an approval is listed in sot.toml.",
    "Free text could say that the approval was refused.",
    "Write a listed channel, or add this one under `[approval] channels`.",
)
APPROVAL_DATE_INVALID = Rule("approval-date-invalid", "The approval's day exists.", _APPROVAL, "Write the real date.")
APPROVAL_DATE_FUTURE = Rule(
    "approval-date-future", "The approval is not dated in the future.", _APPROVAL, "Write the real date."
)
APPROVAL_AFTER_ADMISSION = Rule(
    "approval-after-admission", "The approval is not later than the admission.", _APPROVAL, "Decide anew."
)
JSON_TOO_LARGE = Rule("json-too-large", "An admission is at most 64 KiB.", _JSON, _DERIVE)
JSON_EMPTY = Rule("json-empty", "An admission is not empty.", _JSON, _DERIVE)
JSON_BOM = Rule("json-bom", "An admission has no byte order mark.", _JSON, _DERIVE)
JSON_NOT_UTF8 = Rule("json-not-utf8", "An admission is UTF-8.", _JSON, _DERIVE)
JSON_INVALID = Rule("json-invalid", "An admission is valid JSON.", _JSON, _DERIVE)
JSON_TOO_DEEP = Rule("json-too-deep", "An admission is flat.", _JSON, _DERIVE)
JSON_TRAILING = Rule("json-trailing", "Nothing follows the object.", _JSON, _DERIVE)
JSON_NOT_OBJECT = Rule("json-not-object", "The root is an object.", _JSON, _DERIVE)
JSON_DUPLICATE_KEY = Rule("json-duplicate-key", "No key stands twice.", _JSON, _DERIVE)
JSON_NUMBER = Rule("json-number", "No number stands where text is meant.", _JSON, _DERIVE)
JSON_SURROGATE = Rule("json-surrogate", "Text is whole Unicode.", _JSON, _DERIVE)
CONFIGURATION_INVALID = Rule(
    "configuration-invalid",
    "sot.toml is TOML with known keys, and a store is not changed while it is broken.",
    "A setting that is not understood is a rule that does not hold; the next change would be checked without it.",
    "Correct what the finding names; `sotctl schema sot` shows every key.",
)
ISSUE_ID_TWICE = Rule(
    "issue-id-twice",
    "An issue id stands once in a store.",
    "A status, a blocker or a decision names an issue by its id; it must mean one thing.",
    "Give one of the two another id, and mend what refers to it.",
)

ALL = {rule.id: rule for rule in list(globals().values()) if isinstance(rule, Rule)}
"""Every rule of this module by id; a schema names one as its `x-rule`."""
