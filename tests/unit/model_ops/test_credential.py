"""What looks like a credential is recognised, and what teams really write into variables is not."""

from __future__ import annotations

import base64
import hashlib

import pytest

from model_ops.credential import hidden, kind

HEX = hashlib.sha256(b"a secret").hexdigest()
BASE64 = base64.b64encode(hashlib.sha256(b"another").digest()).decode()
URL_SAFE = base64.urlsafe_b64encode(hashlib.sha384(b"a third").digest()).decode()
WORDS = "Ab3" * 12

CREDENTIALS = {
    f"dapi{HEX[:32]}": "a Databricks token",
    f"dapi{HEX[:32]}-2": "a Databricks token",
    f"dose{HEX[:32]}": "a Databricks OAuth secret",
    f"xY18Q~{WORDS[:34]}": "an Azure client secret",
    f"DefaultEndpointsProtocol=https;AccountName=lake;AccountKey={BASE64}": "an Azure access key",
    f"https://lake.blob.core.windows.net/docs?sv=2024&sig={HEX[:40]}": "an Azure shared access signature",
    f"sk-proj-{WORDS}": "an OpenAI or Anthropic key",
    "AKIAIOSFODNN7EXAMPLE": "an AWS access key",
    f"ghp_{WORDS}": "a GitHub token",
    f"github_pat_{WORDS}": "a GitHub token",
    f"hf_{WORDS}": "a Hugging Face token",
    "xoxb-1234567890-abc": "a Slack token",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.x": "a JSON web token",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----": "a private key",
    "postgresql://reader:hunter2@db.example.com/docs": "a password in an address",
}


@pytest.mark.parametrize(("value", "words"), CREDENTIALS.items(), ids=CREDENTIALS.values())
def test_a_credential_is_named_and_never_shown(value: str, words: str) -> None:
    assert kind("TOKEN", value) == words
    telling = value.rpartition("=")[2] or value
    assert telling not in hidden(f"TOKEN: {value}")


@pytest.mark.parametrize("value", [HEX, HEX[:32], BASE64, URL_SAFE])
def test_a_long_random_text_is_one_unless_the_variable_says_that_it_is_public(value: str) -> None:
    assert kind("API_KEY", value) == "a long random text"
    assert kind("RUN_ID", value) is None
    assert hidden(f"API_KEY: {value}") == "API_KEY: …"


@pytest.mark.parametrize("name", ["TOKEN", "DB_PASSWORD", "client_secret", "OPENAI_API_KEY", "APIKEY"])
def test_a_variable_that_is_called_like_a_credential_holds_one(name: str) -> None:
    assert kind(name, "hunter2") == "a text in a variable that is called like a credential"
    assert kind(name, "{{secrets/chatbot/token}}") is None
    assert kind(name, "true") is None


@pytest.mark.parametrize("name", ["MAX_TOKENS", "TOKEN_LIMIT", "SECRET_SCOPE", "KEY_VAULT", "TOKENIZER", "MONKEY"])
def test_a_variable_that_is_called_nearly_so_holds_none(name: str) -> None:
    assert kind(name, "hunter2") is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1",
        "prod.serving.docs_index",
        "11111111-2222-3333-4444-555555555555",
        "https://adb-1234567890123456.7.azuredatabricks.net",
        "/Volumes/prod/chatbot/documents/2024/Handbook-Second-Edition-Final",
        "databricks-meta-llama-3-3-70b-instruct",
        "abfss://unity-catalog@mlprodlake.dfs.core.windows.net/chatbot/documents",
        "InstrumentationKey",
        "the quick brown fox jumps over the lazy dog",
        "{{secrets/chatbot/token}}",
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        "http://user-service:8080/path@v2",
    ],
)
def test_what_is_no_secret_is_let_through_and_shown(value: str) -> None:
    assert kind("SETTING", value) is None
    assert hidden(value) == value
