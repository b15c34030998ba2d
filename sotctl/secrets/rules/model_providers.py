"""Keys of model providers and of AI tools."""

from sotctl.secrets.published import is_unpublished
from sotctl.secrets.shapes import ALNUM, BASE64, BASE64URL, DASHED_HEX, EDGE, HEX, LETTER, LOWER, PADDED, UPPER, WORD, keyed, shaped, token
from sotctl.secrets.values import classes, irregularity, is_generated, is_placeholder, is_random

_ANTHROPIC = "https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key"
_OPENAI = "https://platform.openai.com/docs/api-reference/authentication"


def _is_anthropic(body: bytes) -> bool:
    """Check a key. Real ones have 95 bytes and end in AA; others are held to a stricter test for placeholders."""
    return not is_placeholder(body, counted=0.8 if len(body) == 95 and body.endswith(b"AA") else 0.5)


def _is_other_key(body: bytes) -> bool:
    """Check a key of a kind without a rule of its own."""
    return not body.startswith((b"api0", b"admin0")) and is_generated(body)


def _is_composio(body: bytes) -> bool:
    """Check the 20 bytes after a prefix that ordinary names can have too."""
    return is_generated(body) and classes(body) >= 3 and irregularity(body) >= 0.1


RULES = (
    token("anthropic-api-key", "Anthropic API key", _ANTHROPIC, ("sk-ant-api03-", "sk-ant-api02-"), BASE64URL, 20, 160, accept=_is_anthropic),
    token("anthropic-admin-key", "Anthropic admin key", _ANTHROPIC, ("sk-ant-admin01-", "sk-ant-admin02-"), BASE64URL, 20, 160, accept=_is_anthropic),
    token("anthropic-oauth-token", "Anthropic OAuth access token", "https://docs.anthropic.com/en/docs/claude-code/iam", ("sk-ant-oat01-", "sk-ant-oat02-"), BASE64URL, 20, 160),
    token("anthropic-refresh-token", "Anthropic OAuth refresh token", "https://docs.anthropic.com/en/docs/claude-code/iam", ("sk-ant-ort01-", "sk-ant-ort02-"), BASE64URL, 20, 160),
    token("anthropic-session-key", "Anthropic session key", _ANTHROPIC, ("sk-ant-sid01-", "sk-ant-sid02-"), BASE64URL, 20, 160),
    token("anthropic-key", "Anthropic key", _ANTHROPIC, "sk-ant-", BASE64URL, 32, 160, accept=_is_other_key),
    token("openai-project-key", "OpenAI project key", _OPENAI, "sk-proj-", BASE64URL, 40, 220),
    token("openai-service-key", "OpenAI service account key", _OPENAI, ("sk-svcacct-", "sk-service-"), BASE64URL, 40, 220),
    token("openai-admin-key", "OpenAI admin key", _OPENAI, "sk-admin-", BASE64URL, 40, 220),
    token("openai-unnamed-key", "OpenAI key without a project", _OPENAI, "sk-None-", BASE64URL, 40, 220),
    shaped("openai-key", "OpenAI API key", _OPENAI, "T3BlbkFJ", EDGE + r"sk-[A-Za-z0-9_\-]{16,100}T3BlbkFJ[A-Za-z0-9_\-]{16,100}", accept=None, reach=120, window=112, misses=("T3Blbk" + "FJ", "sk-T3Blbk" + "FJ")),
    shaped(
        "openai-style-key",
        "API key in OpenAI's format (OpenAI legacy, DeepSeek, Moonshot, Qwen and others)",
        _OPENAI,
        "sk-",
        EDGE + r"sk-(?:[A-Za-z0-9]{48,64}|[A-Za-z0-9]{32})(?![A-Za-z0-9\-])",
        accept=lambda value: is_random(value[3:]),
        lead=(ALNUM, 8),
        misses=("sk-" + "a" * 12, "sk-your-key-here", "task-" + "a1" * 16),
    ),
    token("openai-session-key", "OpenAI session key", _OPENAI, "sess-", ALNUM, 40, accept=is_random),
    token("openai-webhook-secret", "OpenAI, Svix or Clerk webhook secret", "https://docs.svix.com/receiving/verifying-payloads/how", "whsec_", PADDED, 32, 64),
    shaped(
        "openai-refresh-token",
        "ChatGPT and Codex OAuth refresh token",
        "https://developers.openai.com/codex/auth",
        ("rt.", "rt_"),
        r"(?<![A-Za-z0-9_.\-])rt(?:\.[0-9]\.|[_.])[A-Za-z0-9_\-]{40,200}(?:\.[A-Za-z0-9_\-]{16,100})?",
        accept=lambda value: is_random(value[3:], least=32),
        lead=(r"A-Za-z0-9_.\-", 24),
        misses=("rt_" + "a_long_name_" * 5,),
    ),
    token("google-api-key", "Google API key", "https://cloud.google.com/docs/authentication/api-keys", "AIza", BASE64URL, 35, accept=is_unpublished),
    token("google-auth-key", "Google AI Studio auth key", "https://ai.google.dev/gemini-api/docs/api-key", "AQ.Ab8", BASE64URL, 40, 60),
    token("aws-bedrock-key", "AWS Bedrock API key", "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html", "ABSK", BASE64, 109, 269, tail="={0,2}"),
    token("aws-bedrock-short-key", "AWS Bedrock short-term API key", "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html", "bedrock-api-key-", PADDED, 60, 4000),
    token("huggingface-token", "Hugging Face token", "https://huggingface.co/docs/hub/security-tokens", "hf_", LETTER, 34),
    token("huggingface-org-token", "Hugging Face organisation token", "https://huggingface.co/docs/hub/security-tokens", "api_org_", LETTER, 34),
    token("groq-key", "Groq API key", "https://console.groq.com/docs/quickstart", "gsk_", ALNUM, 40, 64),
    token("xai-key", "xAI API key", "https://docs.x.ai/docs/tutorial", ("xai-",), WORD, 70, 90),
    token("xai-management-key", "xAI management key", "https://docs.x.ai/docs/management-api", "xai-token-", ALNUM, 60, 90),
    token("openrouter-key", "OpenRouter API key", "https://openrouter.ai/docs/api-reference/authentication", "sk-or-v1-", HEX, 64),
    token("perplexity-key", "Perplexity API key", "https://docs.perplexity.ai/getting-started/quickstart", "pplx-", ALNUM, 40, 64),
    token("replicate-token", "Replicate API token", "https://replicate.com/docs/topics/security/api-tokens", "r8_", ALNUM, 37, 40),
    token("fireworks-key", "Fireworks API key", "https://docs.fireworks.ai/api-reference/introduction", ("fw_",), ALNUM, 22, 40, accept=is_random),
    token("together-key", "Together AI key", "https://docs.together.ai/docs/quickstart", ("tgp_v1_",), BASE64URL, 40, 64),
    token("cerebras-key", "Cerebras API key", "https://inference-docs.cerebras.ai/quickstart", "csk-", LOWER, 40, 64),
    token("nvidia-key", "NVIDIA API key", "https://docs.nvidia.com/ngc/latest/ngc-user-guide.html", "nvapi-", BASE64URL, 60, 80),
    token("langsmith-key", "LangSmith API key", "https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key", ("lsv2_pt_", "lsv2_sk_"), HEX, 32, tail="_[0-9a-f]{10}"),
    token("langsmith-legacy-key", "LangSmith legacy key", "https://docs.smith.langchain.com", "ls__", HEX, 32),
    token("langfuse-key", "Langfuse secret key", "https://langfuse.com/docs/api", ("sk-lf-",), DASHED_HEX, 36),
    token("helicone-key", "Helicone API key", "https://docs.helicone.ai", ("sk-helicone-",), r"a-z0-9\-", 28, 64),
    token("devin-key", "Devin API key", "https://docs.devin.ai/api-reference/authentication", ("apk_user_", "apk_"), PADDED, 60, 240, accept=is_random),
    token("devin-service-token", "Devin service user token", "https://docs.devin.ai/api-reference/authentication", "cog_", LOWER, 48, 56, accept=is_random),
    token("pinecone-key", "Pinecone API key", "https://docs.pinecone.io/guides/projects/manage-api-keys", "pcsk_", WORD, 40, 90),
    token("weights-and-biases-key", "Weights & Biases API key", "https://docs.wandb.ai/support/find_api_key", "wandb_v1_", WORD, 60, 100),
    token("elevenlabs-key", "ElevenLabs API key", "https://elevenlabs.io/docs/api-reference/authentication", "sk_", HEX, 48),
    token("vapi-key", "Vapi API key", "https://docs.vapi.ai/api-reference", "vapi_", ALNUM, 32, 64),
    token("tavily-key", "Tavily API key", "https://docs.tavily.com/documentation/api-reference/introduction", ("tvly-dev-", "tvly-prod-", "tvly-"), ALNUM, 28, 40),
    token("jina-key", "Jina API key", "https://jina.ai/api-dashboard/", "jina_", BASE64URL, 56, 64),
    token("voyage-key", "Voyage AI key", "https://docs.voyageai.com/docs/api-key-and-installation", "pa-", BASE64URL, 43, accept=is_random),
    token("firecrawl-key", "Firecrawl API key", "https://docs.firecrawl.dev/introduction", "fc-", HEX, 32),
    token("e2b-key", "E2B API key", "https://e2b.dev/docs/getting-started/api-key", "e2b_", HEX, 40),
    token("llamacloud-key", "LlamaCloud key", "https://docs.cloud.llamaindex.ai/api_key", "llx-", ALNUM, 40, 64),
    token("composio-key", "Composio key", "https://docs.composio.dev", ("comp_", "ak_"), ALNUM, 32, 48, accept=is_random),
    token("composio-project-key", "Composio project or organisation key", "https://docs.composio.dev", ("ak_", "oak_"), BASE64URL, 20, accept=_is_composio),
    token("composio-user-key", "Composio user key", "https://docs.composio.dev", "uak_", BASE64URL, 43),
    token("kimi-key", "Kimi coding key", "https://www.kimi.com/code/docs/en/", "sk-kimi-", ALNUM, 48, 96),
    token("browserbase-key", "Browserbase key", "https://docs.browserbase.com/reference", ("bb_live_", "bb_test_"), BASE64URL, 24, 40),
    token("amp-key", "Amp key", "https://ampcode.com/manual", "sgamp_user_", UPPER, 26, tail="_[0-9a-f]{64}"),
    token("windsurf-key", "Windsurf key", "https://docs.windsurf.com", "sk-ws-01-", BASE64URL, 60, 120),
    token("factory-key", "Factory API key", "https://docs.factory.ai", "fk-", BASE64URL, 40, 120, accept=is_random),
    token("cartesia-key", "Cartesia key", "https://docs.cartesia.ai", "sk_car_", ALNUM, 20, 32),
    token("promptlayer-key", "PromptLayer key", "https://docs.promptlayer.com", "pl_", HEX, 32),
    token("browser-use-key", "Browser Use key", "https://docs.browser-use.com", "bu_", BASE64URL, 43, accept=is_random),
    token("hyperbrowser-key", "Hyperbrowser key", "https://docs.hyperbrowser.ai", "hb_", HEX, 32),
    token("steel-key", "Steel key", "https://docs.steel.dev", "ste-", ALNUM, 60, 80),
    token("mem0-key", "Mem0 API key", "https://docs.mem0.ai/platform/quickstart", "m0-", ALNUM, 36, 48, accept=is_random),
    token("relace-key", "Relace API key", "https://docs.relace.ai", "rlc-", ALNUM, 32, 64),
    token("friendli-token", "Friendli token", "https://friendli.ai/docs/guides/personal_access_tokens", "flp_", ALNUM, 40, 64),
    token("baseten-key", "Baseten API key", "https://docs.baseten.co/observability/api-keys", "bsn-", ALNUM, 32, 64),
    token("modal-token-secret", "Modal token secret", "https://modal.com/docs/reference/modal.config", "as-", ALNUM, 22, accept=is_random),
    token("modal-token-id", "Modal token id", "https://modal.com/docs/reference/modal.config", "ak-", ALNUM, 22, accept=is_random),
    token("roboflow-key", "Roboflow key", "https://docs.roboflow.com/api-reference/authentication", "rf_", ALNUM, 20, 40, accept=is_random),
    token("novita-key", "Novita key", "https://novita.ai/docs/guides/quickstart", "sk_novita_", BASE64URL, 32, 64),
    token("minimax-key", "MiniMax key", "https://platform.minimax.io/docs", ("sk-cp-", "sk-api-"), BASE64URL, 60, 160),
    token("v0-key", "v0 API key", "https://v0.dev/docs/v0-platform-api", "v1:", ALNUM, 24, tail=":[A-Za-z0-9]{24}"),
    token("cursor-key", "Cursor API key", "https://cursor.com/docs/account/teams/admin-api", ("key_",), HEX, 64),
    token("cursor-api-key", "Cursor user API key", "https://cursor.com/docs/cli/reference/authentication", "crsr_", HEX, 64),
    token("anyscale-key", "Anyscale API key", "https://docs.anyscale.com", ("esecret_", "aph0_"), ALNUM, 24, 64),
    token("continue-key", "Continue API key", "https://docs.continue.dev", "con-", HEX, 64),
    token("lambda-cloud-key", "Lambda Cloud key", "https://docs.lambda.ai/public-cloud/cloud-api/", "secret_", LOWER, 24, 64, tail=r"(?:\.[A-Za-z0-9]{24,64})?", accept=is_random),
    token("runpod-key", "RunPod API key", "https://docs.runpod.io/get-started/api-keys", "rpa_", ALNUM, 40, 64),
    shaped(
        "zhipu-key",
        "Zhipu (Z.ai) API key",
        "https://docs.z.ai/api-reference/introduction",
        ("zhipu", "glm", "z.ai", "zai_"),
        r"""(?i:zhipu|glm|z\.ai|zai_)[\w .\-]{0,40}["']?\s{0,20}[:=]\s{0,4}["']?"""
        r"""(?P<secret>[0-9a-f]{32}\.[A-Za-z0-9]{16})(?![A-Za-z0-9])""",
        fold=True,
        misses=("zhipu key", "glm-4.6"),
    ),
    keyed("mistral-key", "Mistral API key", "https://docs.mistral.ai/getting-started/quickstart", ("mistral", "codestral"), ALNUM, 32),
    shaped(
        "greptile-key", "Greptile API key", "https://www.greptile.com/docs/api-reference", "greptile", r"(?i:greptile)[\w .\-]{0,24}[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?P<secret>[A-Za-z0-9+/]{48})(?![A-Za-z0-9+/=])", fold=True, accept=is_random
    ),
    keyed("cohere-key", "Cohere API key", "https://docs.cohere.com/docs/rate-limits", ("cohere", "co_api"), ALNUM, 40),
    keyed("together-legacy-key", "Together AI key", "https://docs.together.ai/docs/quickstart", ("together",), HEX, 64),
    keyed("azure-openai-key", "Azure OpenAI key", "https://learn.microsoft.com/azure/ai-services/openai/reference", ("azure_openai", "azureopenai", "azure-openai", "openai_api", "azure openai"), HEX, 32),
    keyed("azure-ai-key", "Azure AI services key", "https://learn.microsoft.com/azure/ai-services/authentication", ("azure", "cognitive", "ocp-apim"), ALNUM, 84),
    keyed("deepgram-key", "Deepgram API key", "https://developers.deepgram.com/docs/authenticating", ("deepgram",), HEX, 40),
    keyed("assemblyai-key", "AssemblyAI key", "https://www.assemblyai.com/docs/api-reference/overview", ("assemblyai", "assembly_ai"), HEX, 32),
    keyed("wandb-key", "Weights & Biases API key", "https://docs.wandb.ai/support/find_api_key", ("wandb", "weights"), HEX, 40),
    keyed("stability-key", "Stability AI key", "https://platform.stability.ai/docs/getting-started/authentication", ("stability",), ALNUM, 48),
    keyed("ai21-key", "AI21 key", "https://docs.ai21.com", ("ai21",), ALNUM, 32),
    keyed("deepinfra-key", "DeepInfra key", "https://deepinfra.com/docs/deep_infra_api", ("deepinfra",), ALNUM, 32),
    keyed("hyperbolic-key", "Hyperbolic, SambaNova or Lepton key", "https://docs.hyperbolic.xyz", ("hyperbolic", "sambanova", "lepton"), ALNUM, 32, 120),
    keyed("comet-key", "Comet or Opik key", "https://www.comet.com/docs/v2/guides/getting-started/quickstart/", ("comet", "opik"), ALNUM, 24, 40),
    keyed("exa-key", "Exa, Serper or SerpAPI key", "https://docs.exa.ai", ("exa_", "serper", "serpapi"), DASHED_HEX, 32, 64),
    keyed("cloudflare-ai-key", "Cloudflare Workers AI key", "https://developers.cloudflare.com/workers-ai/", ("workers_ai", "workersai"), BASE64URL, 40),
)
