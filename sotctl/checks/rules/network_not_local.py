"""A local provider is reached on the owner's own hosts."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.hosts import LOCAL_HOSTS, is_local
from sotctl.documents.policy import Policy
from sotctl.documents.quote import listed, quote
from sotctl.documents.record import DecisionRecord
from sotctl.findings import Finding, RejectedError

HOSTED = frozenset(
    """
    ai21 amazon-bedrock anthropic azure azure-openai azure-openai-responses bedrock cerebras cohere copilot deepinfra
    deepseek fireworks fireworks-ai gemini github-copilot github-models google google-vertex groq huggingface
    hyperbolic meta-llama minimax mistral mistralai moonshot moonshotai nebius novita nvidia openai openai-codex
    opencode openrouter perplexity qwen replicate sambanova together togetherai vercel vercel-ai-gateway vertex xai
    z-ai zai zhipu
    """.split()  # noqa: SIM905 - a list of one word a line hides what is missing
)
"""Providers that are known to be hosted: their network class must list hosts that show otherwise."""


def check(change: ChangeSet) -> Iterator[Finding]:
    """Check the hosts of every approved local provider, as configured after the change."""
    if not change.touches("sot", "decision-record", "admission"):
        return
    try:
        policy = change.new_policy()
    except RejectedError:
        return  # a finding of its own
    for record in change.after.records():
        if record.is_approved and record.document.text("decision_status") == "local_provider_required":
            yield from _foreign(record, policy)


def _foreign(record: DecisionRecord, policy: Policy) -> Iterator[Finding]:
    network, provider = record.document.text("allowed_network_class"), record.document.text("provider")
    hosts = policy.networks.get(network, ())
    foreign = [host for host in hosts if not is_local(host, policy.networks.get(LOCAL_HOSTS, ()))]
    if foreign:
        message = f"the network class {quote(network)} of a local provider names {listed(foreign)}"
        fix = f"name a host of yours under [networks] {LOCAL_HOSTS} in sot.toml, or sotctl decide {record.issue}"
    elif not hosts and provider.lower() in HOSTED:
        message = f"{quote(provider)} is a hosted provider, and no host shows that this one is local"
        fix = f'under [networks] in sot.toml: "{network}" = ["127.0.0.1:PORT"]'
    else:
        return
    yield RULE.finding(record.path, message, fix, line=record.document.line_of("allowed_network_class"))


RULE = PolicyRule(
    id="network-not-local",
    summary="Every host of a local provider's network class is loopback, private, or listed as local.",
    why="A hosted provider that is approved as a local one would get data that may not leave your network.",
    fix="Name your own hosts under `[networks] local-hosts`, or approve the provider as an external one.",
    check=check,
)
