"""What a record's status is taken for, by where and how it is written."""

from __future__ import annotations

import pytest

from sotctl.documents.policy import DEFAULT_MOVES
from sotctl.issues.importing.record import read_record

RECORD = "# Use git\n\n{}\n\n## Context\n\nWhy. Status: rejected things.\n"
NOT_CERTAIN = ""
WRITTEN = {
    "validated": [
        "- Status: accepted",
        "* **Status:** accepted",
        "+ *Status*: Accepted",
        "1. Status: Accepted",
        "**Status:** Accepted",
        "**Status** Accepted",
        "__Status__: Accepted",
        "*Status: Accepted*",
        "**Status: Accepted**",
        "Status: Accepted  \nDate: 2024-02-03",
        "Date: 2024-02-03  \nStatus: Accepted",
        "STATUS: ACCEPTED",
        "status : accepted",
        "Status = accepted",
        "Status - Accepted",
        "Status – Accepted",
        "Status：已接受",
        "> Status: Accepted",
        "> **Status**\n> Accepted",
        "## Status\n\n- [ ] Proposed\n- [x] Accepted\n- [ ] Rejected",
        "## Status\n\n* Accepted",
        "## Status\n\n**Accepted**",
        "## Status\n\n`Accepted`",
        "## Status\n\n✅ Accepted",
        "## Status\n\n:white_check_mark: Accepted",
        "## Status\n\nAccepted (2024-02-03)",
        "## Status\n\nAccepted on 3 May 2024 by JP",
        "## Status\n\n2024-02-03: Accepted",
        "## Status\n\nProposed -> Accepted",
        "## Status\n\nProposed → Accepted",
        "## Status\n\n~~Proposed~~\n\nAccepted",
        "## Status\n\n<del>Proposed</del> Accepted",
        "## Status\n\n<s>Rejected</s>\n<br/>Accepted",
        "## Status\n\n[Accepted](https://x.y/z)",
        "## Status\n\n2020-01-02 proposed\n\n2020-03-04 accepted",
        "## Status\n\n- 2020-03-04 accepted\n- 2020-01-02 proposed",
        "## Status\n\n| Date | Status |\n|--|--|\n| 2020-01-02 | Proposed |\n| 2020-03-04 | Accepted |",
        "| Status | Accepted |\n|--|--|\n| Date | 2024-02-03 |",
        "|  |  |\n|--|--|\n| **Status** | Accepted |\n| Date | 2024 |",
        "| Key | Value |\n|--|--|\n| Date | 2024 |\n| Status | Accepted |",
        "<table><tr><td>Status</td><td>Accepted</td></tr></table>",
        "<b>Status:</b> Accepted",
        "<!-- status: accepted -->",
        "## Status\n\nApproved",
        "## Status\n\nImplemented",
        "## Status\n\nAdopted",
        "## Status\n\nDecided",
        "## Status\n\nDone",
        "## 2. Status ##\n\nAccepted",
        "## Status\n\n### Accepted",
        "Status\n------\n\nAccepted",
        "## __Status__\n\nAccepted",
        "## 📌 Status\n\nAccepted",
        "## Status:\tAccepted",
        "## *Status*: **Accepted**",
        "##   Status\n\nAccepted",
        "### Status\n\nAccepted",
        "# Status\n\nAccepted",
        "## Statut\n\nApprouvée",
        "**Statut :** Accepté",
        "- Statut : validé",
        "## Estado\n\nAceptado",
        "Estado: Aprobada",
        "**Estado**: Aceito",
        "## Situação\n\nAprovado",
        "## Stato\n\nAccettato",
        "Stato: approvata",
        "## Status\n\nGeaccepteerd",
        "## Status\n\nGoedgekeurd",
        "**Status:** Angenommen",
        "- Status: Akzeptiert",
        "## Status\n\nGenehmigt am 2024-02-03",
        "## Status\n\nZaakceptowana",
        "## ステータス\n\n承認",
        "## 状态\n\n已接受",
        "## Статус\n\nПринято",
        "## ADR Status\n\nAccepted",
        "## Current Status\n\nAccepted",
        "## Status\n\nAccepted\n\nSupersedes [3. Rejected idea](0003.md)",
        "## Status\n\nAccepted, supersedes ADR 3",
        "## Status\n\nAccepted. We rejected the alternative.",
        "## Status\n\nAccepted\n\nAmended by [4. x](0004.md)",
        "## Status\n\nSupersedes [3. x](0003.md)\n\nAccepted",
        "Status: Accepted | Date: 2024-02-03 | Deciders: A",
        "Date: 2024-02-03 | Status: Accepted",
        "Date: 2024-02-03, Status: Accepted, Deciders: A",
        "**Date:** 2024-02-03 **Status:** Accepted **Deciders:** rejected",
        "- **Date**: 2024\n- **Status**: Accepted\n- **Deciders**: A",
        "## Metadata\n\n- Status: Accepted",
        "## Status\n\n```\nAccepted\n```",
        "Status:\n\nAccepted",
        "**Status**\n\nAccepted",
        "- Status\n  - Accepted",
        'Status: "Accepted"',
    ],
    "superseded": [
        "## Status\n\nSuperceded by [2](b.md)",
        "## Status\n\nSuperseded by ADR-0002",
        "## Status\n\nAccepted\n\nSuperceded by [2. Accepted x](b.md)",
        "## Status\n\n~~Accepted~~ Superseded by 2",
        "## Status\n\nDeprecated",
        "## Status\n\nReplaced by ADR 3",
        "## Status\n\nAccepted, superseded by 3",
        "Status: superseded by [ADR-0005](0005-example.md)",
        "## Statut\n\nRemplacé par [2](b.md)",
        "## Statut\n\nRemplacée",
        "## Statut\n\nObsolète",
        "## Status\n\nErsetzt durch ADR 3",
        "## Status\n\nErsetzt",
        "## Status\n\nAbgelöst durch 3",
        "## Status\n\nVeraltet",
        "## Estado\n\nReemplazado por 3",
        "## Estado\n\nSustituida por [3](x.md)",
        "## Estado\n\nObsoleto",
        "## Stato\n\nSostituito da 3",
        "## Estado\n\nSubstituído por ADR-3",
        "## Status\n\nVervangen door 3",
        "## Status\n\nVerouderd",
        "## Status\n\nThis ADR has been superseded by 12.",
        "## Status\n\nAccepted\n\nThis decision was superseded by ADR 12.",
        "## Status\n\n2020-01-01 accepted\n\n2021-01-01 superseded by 4",
    ],
    "rejected": [
        "## Status\n\nRejected",
        "- Status: rejected",
        "## Statut\n\nRejetée",
        "## Status\n\nAbgelehnt",
        "## Status\n\nVerworfen",
        "## Estado\n\nRechazado",
        "## Stato\n\nRespinto",
        "## Status\n\nRejeitado",
        "## Status\n\nAfgewezen",
        "## Status\n\nDeclined",
    ],
    "draft": [
        "## Status\n\nProposed",
        "## Status\n\nDraft",
        "## Status\n\nIn review",
        "## Statut\n\nProposé",
        "## Statut\n\nBrouillon",
        "## Status\n\nVorgeschlagen",
        "## Status\n\nEntwurf",
        "## Estado\n\nPropuesto",
        "## Stato\n\nBozza",
        "## Estado\n\nRascunho",
        "## Status\n\nConcept",
        "## Status\n\nVoorgesteld",
        "## Status\n\nWIP",
        "## Status\n\nPending",
    ],
    NOT_CERTAIN: [
        "## Status\n\nOn hold",
        "## Status\n\nNot accepted",
        "## Status\n\nnot yet accepted",
        "## Status\n\nTo be accepted",
        "## Status\n\nProposed | Accepted | Rejected",
        "## Status\n\n{proposed | rejected | accepted}",
        "## Status\n\n[Proposed / Accepted / Deprecated]",
        "## Status\n\nAccepted pending review",
        "## Status\n\nPartially superseded by 3",
        "## Status\n\nNicht akzeptiert",
        "## Statut\n\nNon accepté",
        "## Statut\n\nPas encore accepté",
        "## Estado\n\nNo aceptado",
        "## Estado\n\nNão aceito",
        "## Status\n\nNiet geaccepteerd",
        "## Status\n\nProposed\n\nAccepted",
        "## Status\n\nFrozen",
        "## Status\n\nAwaiting approval",
        "## Status\n\nWe decided against this",
        "## Status\n\n<!-- accepted -->",
        "",
        "## Status",
        "## Status\n\nOn hold. Accepted solution is x.",
        "## Status\n\nErsetzt ADR 3",
        "## Statut\n\nRemplace [3](x.md)",
        "Status: 200 OK",
        "## Status\n\nAmended by 3",
        "Status: acceptedd",
        "Status: in Bearbeitung",
        "## Status\n\nAccepted\n\nThe old service was replaced by X.",
        "Status: accepted\n\n## Status\n\nRejected",
        "## Status\n\n✅",
        "## Status\n\nUnaccepted",
        "Status: won't be accepted",
        "Status: ~~accepted~~",
        "Status: [x] Accepted [ ] Rejected",
    ],
}
HEADERS = {
    "validated": [
        "status: accepted",
        "Status: Accepted",
        "STATUS: accepted",
        '"status": "accepted"',
        "statut : validé",
        "status:\n  - accepted",
        "status: accepted # since May",
        "title: a: b\nstatus: accepted",
        "estado: aceptado",
    ],
    "superseded": [
        "status: superseded by ADR-0123",
        "status: superseded by [ADR-0005](0005-example.md)",
        "status: deprecated",
    ],
    NOT_CERTAIN: ["status: on hold", "status: {proposed | rejected | accepted}", "status:", "state: Bavaria"],
}


@pytest.mark.parametrize("status", list(WRITTEN))
def test_a_status_is_read_where_and_as_people_write_it(status: str) -> None:
    read = {
        text: read_record("0001-x.md", RECORD.format(text).encode(), tuple(DEFAULT_MOVES)) for text in WRITTEN[status]
    }
    assert {text: record.status for text, record in read.items()} == dict.fromkeys(WRITTEN[status], status)
    assert {record.title.text for record in read.values()} == {"Use git"}


@pytest.mark.parametrize("status", list(HEADERS))
def test_a_status_is_read_in_a_header(status: str) -> None:
    form = "---\n{}\n---\n\n# Use git\n\n## Context\n\nWhy.\n"
    read = {text: read_record("0001-x.md", form.format(text).encode()).status for text in HEADERS[status]}
    assert read == dict.fromkeys(HEADERS[status], status)


@pytest.mark.parametrize(
    "edges",
    [("---  ", "---\t"), ("\n\n---", "---"), ("\ufeff---", "---"), ("---", "..."), ("---\r", "---\r"), ("+++", "+++")],
)
def test_a_header_is_read_between_the_edges_that_tools_write(edges: tuple[str, str]) -> None:
    line = 'status = "accepted"' if edges[0] == "+++" else "status: accepted"
    record = read_record("0001-x.md", f"{edges[0]}\n{line}\n{edges[1]}\n\n# Use git\n".encode())
    assert (record.title.text, record.status) == ("Use git", "validated")


SUCCESSORS = {
    "- Status: accepted\n- Superseded by: [ADR-3](0003.md)": "superseded",
    "- Status: accepted\n  - superseded by ADR-3": "superseded",
    "Status: Accepted\nSuperseded by [3](0003.md)": "superseded",
    "Status: Accepted  \nSuperseded by: 0003": "superseded",
    "**Statut :** Accepté\n\n**Remplacé par :** ADR-3": "superseded",
    "- Status: akzeptiert\n- Ersetzt durch: ADR-3": "superseded",
    "## Status\n\nAccepted\n\nSuperseded by: ADR-3": "superseded",
    "- Status: accepted\n- Superseded by: none": "validated",
    "- Status: accepted\n- Superseded by: -\n- Supersedes: ADR-1": "validated",
    "Status: Accepted  \nSuperseded by: n/a": "validated",
    "## Status\n\nAccepted\n\nSuperseded by: N/A": "validated",
    "## Status\n\nAccepted\n\nSuperseded by:": "validated",
    "## Status\n\n3.2.2024 accepted\n\n12.1.2024 proposed": "validated",
    "## Status\n\n2024/02/03 rejected\n\n2024/01/12 proposed": "rejected",
    "Status: Accepted\nProposed by: Alice\nRejected by: nobody": "validated",
    "## Status\n\nProposed by: Alice\n\nAccepted by: Bob": NOT_CERTAIN,
    "Status: on hold\nSuperseded by: ADR-3": NOT_CERTAIN,
}


def test_what_names_a_successor_is_superseded_and_persons_state_nothing() -> None:
    read = {text: read_record("0001-x.md", RECORD.format(text).encode()).status for text in SUCCESSORS}
    assert read == SUCCESSORS
    keys = {"superseded_by: 0003": "superseded", "superseded-by: ~": "validated", "superseded by: []": "validated"}
    form = "---\nstatus: accepted\n{}\n---\n\n# Use git\n"
    assert {key: read_record("0001-x.md", form.format(key).encode()).status for key in keys} == keys


def test_a_word_of_the_store_stands_for_itself() -> None:
    own = (*DEFAULT_MOVES, "accepted", "on_hold")
    read = [
        read_record("0001-x.md", f"# A\n\nStatus: {word}\n".encode(), own).status for word in ("Accepted", "On hold")
    ]
    assert read == ["accepted", "on_hold"]


def test_a_status_has_its_line_in_the_file() -> None:
    record = read_record("0001-x.md", b"---\ndate: 2024-01-01\nstatus: on hold\n---\n\n# A\n\n## Status\n\nAccepted\n")
    assert [(one.written, one.status, one.line) for one in record.statuses] == [
        ("on hold", "", 3),
        ("Accepted", "validated", 8),
    ]
