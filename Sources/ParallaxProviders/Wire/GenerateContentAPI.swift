internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// `models/{model}:generateContent` of the Gemini API, for answers in JSON of a fixed schema.
struct GenerateContentAPI: RemoteAPI {
  let base: String
  let model: String
  let key: Secret

  var accessNames: [String] { GeminiAPI.keyNames }
  let itemLimit = 1
  /// Below the 20 MB that the service takes.
  let byteLimit = 18_000_000

  /// One question to the model.
  struct Ask: Sendable {
    /// What it is told to do; nothing of a candidate stands there.
    var system: String
    var parts: [RemoteInput.Part]
    /// JSON Schema of the answer.
    var schema: StaticString
    /// Tokens of the answer, at most, with those that it thinks.
    var answerTokens: Int
    /// How closely pictures are looked at.
    var resolution: Resolution
  }

  /// How closely the service looks at pictures of any size, and the tokens that its page on media
  /// resolution states for each of them, for the third generation of models (read in 2026-11).
  enum Resolution: String, Sendable {
    case low = "MEDIA_RESOLUTION_LOW"
    case high = "MEDIA_RESOLUTION_HIGH"

    var tokens: Int { self == .low ? 280 : 1_120 }
  }

  func request(_ ask: Ask) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"systemInstruction\":{\"parts\":[{\"text\":")
    body.string(ask.system)
    body.raw("}],\"role\":\"user\"},\"contents\":[{\"role\":\"user\",\"parts\":")
    body.geminiParts(ask.parts)
    body.raw("}],\"generationConfig\":{\"temperature\":0,\"maxOutputTokens\":")
    body.number(ask.answerTokens)
    body.raw(",\"responseMimeType\":\"application/json\",\"responseJsonSchema\":")
    body.raw(ask.schema)
    body.raw(",\"mediaResolution\":")
    body.string(ask.resolution.rawValue)
    // From the third generation on, thought costs answer tokens, and the least of it does here.
    if !model.hasPrefix("gemini-2") {
      body.raw(",\"thinkingConfig\":{\"thinkingLevel\":\"MINIMAL\"}")
    }
    body.raw("}}")
    return HTTPRequest(
      url: Address.appending("/models/\(model):generateContent", to: base),
      headers: [.init("Content-Type", "application/json")],
      secretHeaders: [.init("x-goog-api-key", key)], body: body.bytes)
  }

  private struct Reply: Decodable {
    struct Candidate: Decodable {
      var content: Content?
      var finishReason: String?
    }
    struct Content: Decodable { var parts: [Part]? }
    struct Part: Decodable {
      var text: String?
      var thought: Bool?
    }
    struct Feedback: Decodable { var blockReason: String? }

    var candidates: [Candidate]?
    var promptFeedback: Feedback?
    var usageMetadata: Usage?
  }

  /// Tokens that the service counted.
  struct Usage: Decodable, Sendable {
    var promptTokenCount: Int?
    var candidatesTokenCount: Int?
    var thoughtsTokenCount: Int?
  }

  /// The text of an answer that is whole, or why there is none, and what was counted.
  ///
  /// - Throws: `bad-reply` for what is no such reply.
  func answer(
    in response: HTTPResponse
  ) throws -> (text: Result<String, ParallaxError>, usage: Usage?) {
    guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body)),
      reply.candidates != nil || reply.promptFeedback != nil
    else {
      throw ParallaxError(
        .badReply, "the reply of 'gemini' is not the JSON of an answer it should be")
    }
    return (text(of: reply), reply.usageMetadata)
  }

  private func text(of reply: Reply) -> Result<String, ParallaxError> {
    func refused(_ why: String) -> Result<String, ParallaxError> {
      .failure(ParallaxError(.rejectedInput, "'\(model)' \(why)"))
    }
    if let reason = reply.promptFeedback?.blockReason {
      return refused("refuses to judge it: \(Self.word(reason))")
    }
    guard let candidate = reply.candidates?.first else { return refused("gave no answer") }
    guard candidate.finishReason == "STOP" else {
      return refused(
        "ended its answer early: \(candidate.finishReason.map(Self.word) ?? "no reason given")")
    }
    let parts = (candidate.content?.parts ?? []).filter { $0.thought != true }
    let text = parts.compactMap(\.text).joined()
    return text.isEmpty ? refused("gave an empty answer") : .success(text)
  }

  /// A constant of the service; whatever else stands there is not for messages.
  private static func word(_ reason: String) -> String {
    String(reason.filter { $0.isASCII && ($0.isLetter || $0 == "_") }.prefix(40))
  }
}

extension JSONBody {
  /// The parts of a `Content`.
  mutating func geminiParts(_ parts: [RemoteInput.Part]) {
    array(parts) { body, part in
      switch part {
      case .text(let text):
        body.raw("{\"text\":")
        body.string(text)
      case .jpeg(let bytes):
        body.raw("{\"inlineData\":{\"mimeType\":\"image/jpeg\",\"data\":")
        body.base64(bytes)
        body.raw("}")
      }
      body.raw("}")
    }
  }
}
