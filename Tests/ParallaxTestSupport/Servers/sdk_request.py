"""Sends what a provider's official SDK sends for a text and a picture, to a server of the tests.

    sdk_request.py PROVIDER ADDRESS KEY PICTURE TEXT DIMENSION

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


if __name__ == "__main__":
    provider, address, key, picture, text, dimension = sys.argv[1:]
    with open(picture, "rb") as file:
        globals()[provider](address, key, file.read(), text, int(dimension))
