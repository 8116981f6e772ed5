internal import ParallaxHTTP
private import ParallaxText

extension JSONBody {
  /// A string that is a data URL of a JPEG.
  mutating func dataURL(jpeg bytes: [UInt8]) {
    raw("\"data:image/jpeg;base64,")
    unquotedBase64(bytes)
    raw("\"")
  }

  /// The parts of a message as OpenAI's chat and its kin write them.
  mutating func messageParts(_ input: RemoteInput) {
    array(input.parts) { body, part in
      switch part {
      case .text(let text):
        body.raw("{\"type\":\"text\",\"text\":")
        body.string(text)
      case .jpeg(let bytes):
        body.raw("{\"type\":\"image_url\",\"image_url\":{\"url\":")
        body.dataURL(jpeg: bytes)
        body.raw("}")
      }
      body.raw("}")
    }
  }
}

extension HTTPRequest {
  /// A JSON request with a bearer key; without one when the key is empty.
  static func authorized(_ url: String, _ key: Secret, _ body: JSONBody) -> HTTPRequest {
    HTTPRequest(
      url: url, headers: [.init("Content-Type", "application/json")],
      secretHeaders: key.isEmpty ? [] : [.init("Authorization", prefix: "Bearer ", key)],
      body: body.bytes)
  }
}
