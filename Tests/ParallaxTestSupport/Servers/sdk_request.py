"""Sends what a provider's official SDK sends for a text and a picture, to a server of the tests.

    sdk_request.py FUNCTION ADDRESS KEY PICTURE TEXT DIMENSION

Prints nothing; the server remembers the request.
"""

import base64
import sys


def gemini(address, key, picture, text, dimension):
    from google import genai
    from google.genai import types

    client = genai.Client(api_key=key, http_options=types.HttpOptions(base_url=address, api_version="v1"))
    parts = [types.Part.from_text(text=text), types.Part.from_bytes(data=picture, mime_type="image/jpeg")]
    client.models.embed_content(
        model="gemini-embedding-2", contents=[types.Content(parts=[part]) for part in parts],
        config=types.EmbedContentConfig(output_dimensionality=dimension))


def vertex(address, key, picture, text, dimension):
    from google import genai
    from google.genai import types
    from google.oauth2.credentials import Credentials

    client = genai.Client(
        vertexai=True, project="test", location="global", credentials=Credentials(token=key),
        http_options=types.HttpOptions(base_url=address, api_version="v1"))
    part = types.Part.from_bytes(data=picture, mime_type="image/jpeg")
    client.models.embed_content(
        model="gemini-embedding-2", contents=[types.Content(parts=[part])],
        config=types.EmbedContentConfig(output_dimensionality=dimension))


def vertex_job(address, key, picture, text, dimension):
    """The name and the places are those of the request that the server saw last."""
    import json
    import urllib.request

    from google import genai
    from google.genai import types
    from google.oauth2.credentials import Credentials

    with urllib.request.urlopen(address + "/control") as reply:
        last = json.load(reply)["requests"][-1]["body"]
    client = genai.Client(
        vertexai=True, project="test", location="global", credentials=Credentials(token=key),
        http_options=types.HttpOptions(base_url=address, api_version="v1"))
    client.batches.create(
        model="gemini-embedding-2", src=last["inputConfig"]["gcsSource"]["uris"][0],
        config=types.CreateBatchJobConfig(
            display_name=last["displayName"], dest=last["outputConfig"]["gcsDestination"]["outputUriPrefix"]))


def voyage(address, key, picture, text, dimension):
    import io

    import voyageai
    from PIL import Image

    client = voyageai.Client(api_key=key, base_url=address + "/v1", max_retries=0)
    client.multimodal_embed(
        inputs=[[text], [Image.open(io.BytesIO(picture))]], model="voyage-multimodal-3.5",
        input_type="document", output_dimension=dimension)


def cohere(address, key, picture, text, dimension):
    import cohere

    client = cohere.ClientV2(api_key=key, base_url=address)
    url = "data:image/jpeg;base64," + base64.b64encode(picture).decode()
    client.embed(
        model="embed-v4.0", input_type="search_document", embedding_types=["float"], output_dimension=dimension,
        inputs=[{"content": [{"type": "text", "text": text}]},
                {"content": [{"type": "image_url", "image_url": {"url": url}}]}])


def cohere_rerank(address, key, picture, text, dimension):
    import cohere

    cohere.ClientV2(api_key=key, base_url=address).rerank(
        model="rerank-v4.0-pro", query=text, documents=["a mug", "a shoe"])


def voyage_rerank(address, key, picture, text, dimension):
    import voyageai

    client = voyageai.Client(api_key=key, base_url=address + "/v1", max_retries=0)
    client.rerank(query=text, documents=["a mug", "a shoe"], model="rerank-2.5", truncation=False)


def gemini_judge(address, key, picture, text, dimension):
    """The texts and the schema are those of the request that the server saw last."""
    import json
    import urllib.request

    from google import genai
    from google.genai import types

    with urllib.request.urlopen(address + "/control") as reply:
        last = json.load(reply)["requests"][-1]["body"]
    config = last["generationConfig"]
    parts = [types.Part.from_text(text=part["text"]) if "text" in part
             else types.Part.from_bytes(data=picture, mime_type="image/jpeg")
             for part in last["contents"][0]["parts"]]
    client = genai.Client(api_key=key, http_options=types.HttpOptions(base_url=address, api_version="v1"))
    client.models.generate_content(
        model="gemini-3.5-flash-lite", contents=[types.Content(role="user", parts=parts)],
        config=types.GenerateContentConfig(
            system_instruction=last["systemInstruction"]["parts"][0]["text"], temperature=0,
            max_output_tokens=config["maxOutputTokens"], response_mime_type="application/json",
            response_json_schema=config["responseJsonSchema"],
            media_resolution=config.get("mediaResolution"),
            thinking_config=types.ThinkingConfig(thinking_level="MINIMAL")))


if __name__ == "__main__":
    provider, address, key, picture, text, dimension = sys.argv[1:]
    with open(picture, "rb") as file:
        globals()[provider](address, key, file.read(), text, int(dimension))
