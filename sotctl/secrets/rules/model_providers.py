"""Keys of the model providers."""

from sotctl.secrets.rule import SecretRule

_EDGE = r"(?<![A-Za-z0-9_\-])"

RULES = (
    SecretRule(
        id="anthropic-key", summary="Anthropic API key or OAuth token", keywords=("sk-ant-",),
        source="https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key",
        pattern=_EDGE + r"sk-ant-(?:api|admin|oat|ort|sid)\d{2}-[A-Za-z0-9_\-]{20,160}",
        matches=(f"sk-ant-{'api03'}-{'aB3_' * 23}AA", "sk-ant-" + "oat01-" + "Zx9-" * 20),
        misses=("sk-ant-", "sk-ant-api03-", "sk-ant-api03-<your key>"),
    ),
    SecretRule(
        id="openai-key", summary="OpenAI API key", keywords=("sk-",),
        source="https://platform.openai.com/docs/api-reference/authentication",
        pattern=_EDGE + r"sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_\-]{40,200}|[A-Za-z0-9]{48}(?![A-Za-z0-9]))",
        matches=("sk-" + "proj-" + "aB3_" * 30, "sk-" + "aB3dE6" * 8),
        misses=("sk-proj-", "sk-proj-your-key-here", "sk-" + "a" * 12),
    ),
    SecretRule(
        id="google-api-key", summary="Google API key", keywords=("aiza",),
        source="https://cloud.google.com/docs/authentication/api-keys",
        pattern=_EDGE + r"AIza[A-Za-z0-9_\-]{35}(?![A-Za-z0-9_\-])",
        matches=("AIza" + "Sy" + "aB3d-" * 6 + "xyz",),
        misses=("AIza", "AIzaSy-too-short"),
    ),
    SecretRule(
        id="huggingface-token", summary="Hugging Face token", keywords=("hf_",),
        source="https://huggingface.co/docs/hub/security-tokens",
        pattern=_EDGE + r"hf_[A-Za-z]{34}(?![A-Za-z0-9])",
        matches=("hf_" + "aBcDeFgHiJkLmNoPq" * 2,),
        misses=("hf_", "hf_hub_download"),
    ),
    SecretRule(
        id="groq-key", summary="Groq API key", keywords=("gsk_",),
        source="https://console.groq.com/docs/quickstart",
        pattern=_EDGE + r"gsk_[A-Za-z0-9]{52}(?![A-Za-z0-9])",
        matches=("gsk_" + "aB3dE6gH9kLmN" * 4,),
        misses=("gsk_", "gsk_your_key"),
    ),
    SecretRule(
        id="xai-key", summary="xAI API key", keywords=("xai-",),
        source="https://docs.x.ai/docs/tutorial",
        pattern=_EDGE + r"xai-[A-Za-z0-9]{70,90}(?![A-Za-z0-9])",
        matches=("xai-" + "aB3dE6gH" * 10,),
        misses=("xai-", "xai-sdk-python"),
    ),
    SecretRule(
        id="openrouter-key", summary="OpenRouter API key", keywords=("sk-or-",),
        source="https://openrouter.ai/docs/api-reference/authentication",
        pattern=_EDGE + r"sk-or-v1-[0-9a-f]{64}(?![0-9a-f])",
        matches=("sk-or-" + "v1-" + "0a1b2c3d" * 8,),
        misses=("sk-or-v1-", "sk-or-v1-xxxx"),
    ),
    SecretRule(
        id="perplexity-key", summary="Perplexity API key", keywords=("pplx-",),
        source="https://docs.perplexity.ai/getting-started/quickstart",
        pattern=_EDGE + r"pplx-[A-Za-z0-9]{48}(?![A-Za-z0-9])",
        matches=("pplx-" + "aB3dE6" * 8,),
        misses=("pplx-", "pplx-api"),
    ),
    SecretRule(
        id="replicate-token", summary="Replicate API token", keywords=("r8_",),
        source="https://replicate.com/docs/topics/security/api-tokens",
        pattern=_EDGE + r"r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])",
        matches=("r8_" + "aB3dE6gH9" * 4 + "x",),
        misses=("r8_", "r8_short"),
    ),
)  # fmt: skip
