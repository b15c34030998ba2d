"""The words that decision records are written with, by language, and the issue status each stands for.

Other words are never guessed. Sources: the templates of adr-tools, MADR and log4brains, and the
translations that https://github.com/joelparkerhenderson/architecture-decision-record collects.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping


def normal(text: str) -> str:
    """A word or phrase in lower case, in one Unicode form."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def bare(text: str) -> str:
    """A word without the marks above and below its letters, as people type it on a foreign keyboard."""
    return "".join(c for c in unicodedata.normalize("NFD", normal(text)) if not unicodedata.combining(c))


def _words(text: str) -> list[str]:
    return text.split()


def _phrases(text: str) -> list[str]:
    return [phrase for phrase in text.split(",") if phrase.strip()]


def forms(text: str, split: Callable[[str], list[str]] = _words) -> frozenset[str]:
    """The words of a list, with and without the marks of their letters."""
    return frozenset(form for word in split(text) for form in (normal(word), bare(word)))


def _table(source: Mapping[str, str], split: Callable[[str], list[str]] = _words) -> dict[str, str]:
    table: dict[str, str] = {}
    for status, text in source.items():
        for word in split(text):
            table.setdefault(normal(word), status)
            table.setdefault(bare(word), status)
    return table


LABELS = forms(
    """
status, state, statut, état, estado, stato, situação, situación, toestand, zustand, stan, stav, tila, статус,
ステータス, 状態, 状态, 狀態, 상태, adr status, decision status, current status, record status, status of the decision,
statut de la décision,
statut actuel, aktueller status, estado actual, estado atual, stato attuale, huidige status, estado de la decisión,
estado da decisão, stato della decisione, status der entscheidung, status entscheidung, status van het besluit
""",
    _phrases,
)

_STATUSES = {
    "draft": """
        proposed proposé proposée proposés proposées vorgeschlagen propuesto propuesta proposto proposta voorgesteld
        pending proponowany proponowana zaproponowany zaproponowana zaproponowano föreslagen föreslaget foreslået
        foreslått ehdotettu navrženo navržen предложено предложен 提案 提案中 提议 提議 已提议 已提議 제안 제안됨
    """,
    "validated": """
        accepted approved adopted ratified implemented endorsed enacted
        accepté acceptée acceptés acceptées approuvé approuvée adopté adoptée validé validée implémenté implémentée
        akzeptiert angenommen genehmigt beschlossen umgesetzt freigegeben verabschiedet
        aceptado aceptada aprobado aprobada adoptado adoptada implementado implementada validado validada
        accettato accettata approvato approvata adottato adottata implementato implementata convalidato convalidata
        aceito aceita aceite aprovado aprovada adotado adotada implantado implantada
        geaccepteerd aanvaard goedgekeurd aangenomen vastgesteld geïmplementeerd
        zaakceptowany zaakceptowana zaakceptowano przyjęty przyjęta przyjęto zatwierdzony zatwierdzona
        accepterad accepterat godkänd godkänt accepteret godkendt vedtaget akseptert godkjent vedtatt
        hyväksytty přijato schváleno принято принят одобрено утверждено
        承認 承認済み 承認済 採用 採択 已接受 接受 已采纳 已採納 已批准 승인 승인됨 채택 채택됨
    """,
    "rejected": """
        rejected declined denied refused
        rejeté rejetée rejetés rejetées refusé refusée écarté écartée
        abgelehnt verworfen zurückgewiesen
        rechazado rechazada descartado descartada denegado denegada
        rifiutato rifiutata respinto respinta scartato scartata
        rejeitado rejeitada recusado recusada negado negada
        afgewezen verworpen geweigerd afgekeurd
        odrzucony odrzucona odrzucono avvisad avslagen avslaget förkastad afvist avvist avslått hylätty zamítnuto
        отклонено отклонен отвергнуто 却下 已拒绝 已拒絕 拒绝 已否决 거부 거부됨 거절됨
    """,
    "superseded": """
        superseded superceded superseeded superceeded supersceded replaced deprecated depreciated obsolete obsoleted
        retired outdated
        remplacé remplacée remplacés obsolète obsolètes déprécié dépréciée périmé périmée caduc caduque
        abgelöst überholt veraltet obsolet
        reemplazado reemplazada sustituido sustituida substituido obsoleto obsoleta deprecado deprecada
        superado superada
        sostituito sostituita superato superata deprecato deprecata
        substituído substituída depreciado depreciada descontinuado descontinuada ultrapassado ultrapassada
        verouderd achterhaald vervallen uitgefaseerd
        zastąpiony zastąpiona zastąpiono przestarzały przestarzała nieaktualny nieaktualna
        ersatt föråldrad erstattet forældet utdatert
        korvattu vanhentunut nahrazeno zastaralé заменено заменен устарело устарел
        廃止 置換 已废弃 已廢棄 废弃 已取代 已替代 被取代 已弃用 폐기 폐기됨 대체됨
    """,
}

# Nouns, and verbs with other senses: they count as the first word, where no other word says something else.
_LEADING = {
    "draft": """
        draft proposal brouillon proposition entwurf vorschlag borrador propuesta bozza rascunho proposta concept
        voorstel szkic utkast förslag udkast forslag luonnos návrh koncept черновик 草案 草稿 下書き ドラフト 초안 wip
        rfc
    """,
}

# Words that say it only where they stand alone, dates and numbers apart.
_ALONE = {
    "draft": """
        in review, under review, in discussion, under discussion, in diskussion, in prüfung, en discussion, en revue,
        en cours de discussion, en discusión, en revisión, em discussão, em revisão, in discussione, in revisione,
        in bespreking, ter bespreking, work in progress, request for comments, for review, open for discussion
    """,
    "validated": """
        accept, decided, agreed, done, active, final, complete, completed, validated, confirmed, in force, in effect,
        décidé, décidée, actif, active, en vigueur, entschieden, aktiv, gültig, in kraft, bestätigt,
        decidido, decidida, acordado, vigente, activo, activa, en vigor, ativo, ativa, em vigor, deciso, decisa,
        attivo, attiva, in vigore, besloten, actief, van kracht
    """,
    "superseded": "ersetzt, vervangen, remplace, remplacee",
}

AGENTS = forms("by through with par durch von vom por pelo pela da dal dalla dallo door przez av af")
"""What names the successor behind a word for `superseded`."""

BEFORE_AGENT = forms("ersetzt vervangen remplace remplacee")
"""Words for `superseded` only before one of `AGENTS`; before anything else they say what this record replaces."""

_DOUBTS = """
not never no isn wasn won don doesn didn hasn aren cannot without nor neither unless until if when once should will
would might can could shall be awaiting await awaits needs need pending partially partly partial conditionally
tentatively nearly almost soon previously formerly former
nicht nie kein keine noch sobald wenn falls wird teilweise bedingt ausstehend
pas ne non jamais sans sera partiellement attente sauf si
nunca sin será parcialmente pendiente cuando si
senza sarà parzialmente attesa quando
não nao sem será pendente quando
niet nog geen nooit zodra wordt gedeeltelijk indien
"""


_RELATIONS = """
supersedes supercedes superseeds replaces obsoletes deprecates amends amended clarifies clarified extends extended
refines refined updates updated depends related relates relation linked links see builds
remplace amende complète modifie voir ersetzt ergänzt ändert siehe reemplaza sustituye modifica amplía ver véase
sostituisce vedi substitui altera complementa vervangt wijzigt zie
"""

_FILLERS = """
this that it its adr madr record decision was is has been now the currently status
cette ce cet décision a été est désormais diese dieser entscheidung wurde ist nun esta este decisión fue ha sido está
ahora decisão foi agora questa questo decisione è stata stato ora dit deze besluit beslissing werd nu
"""


STATUSES = _table(_STATUSES)
LEADING = _table(_LEADING)
ALONE = {**STATUSES, **LEADING, **_table(_ALONE, _phrases)}
RELATIONS = forms(_RELATIONS)
"""First words of a statement that says what this record does to another one."""
FILLERS = forms(_FILLERS)
"""Words between the start of a statement about this record and its status."""
DOUBTS = forms(_DOUBTS)

_SECTIONS = """
context, context and problem statement, problem statement, problem, issue, background, motivation, introduction,
summary, abstract, decision, decisions, decision outcome, decision drivers, drivers, considered options, options,
options considered, alternatives, alternatives considered, consequences, positive consequences, negative consequences,
rationale, references, links, related, notes, date, deciders, decision makers, authors, author, tags, metadata,
contexte, contexte et énoncé du problème, problème, décision, décisions, conséquences, options envisagées, liens,
kontext, problem, entscheidung, konsequenzen, folgen, auswirkungen, hintergrund, datum, optionen, alternativen,
contexto, decisión, consecuencias, alternativas, fecha, problema, contesto, decisione, conseguenze, alternative,
decisão, consequências, data, opções consideradas, context en probleemstelling, besluit, beslissing, gevolgen,
consequenties, overwogen opties, achtergrond
"""
SECTIONS = forms(_SECTIONS, _phrases)
TITLES = forms("title titre titel título titolo tytuł")
