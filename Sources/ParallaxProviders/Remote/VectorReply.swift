internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// What a reply gave for one item: a vector, or why there is none.
typealias AnsweredVector = Result<[Float], ParallaxError>

/// Reads the vectors of a reply, whatever else is in it.
struct VectorReply {
  /// As messages name it.
  let provider: String
  /// What the reply is to hold, for messages.
  var content = "embeddings"

  /// Reads a reply that is one object.
  ///
  /// - Parameter body: reads or passes over the value of a member; says whether that was what holds
  ///   the vectors.
  /// - Throws: `bad-reply` for what is no JSON or has no such member; `CancellationError`.
  func read(
    _ response: HTTPResponse, _ body: (String, inout JSONScanner) throws -> Bool
  ) throws {
    var scanner = JSONScanner(response.body, .lenient)
    var isFound = false
    do {
      try scanner.members { if try body($0, &$1) { isFound = true } }
    } catch is JSONScanner.Malformed {
      throw malformed
    }
    guard isFound, scanner.isAtEnd else { throw malformed }
  }

  /// The vectors in the order of the items.
  ///
  /// - Throws: `bad-reply` when there are more or fewer: it is unknown which belong together.
  func ordered(_ vectors: [AnsweredVector], count: Int) throws -> [AnsweredVector] {
    guard vectors.count == count else {
      throw ParallaxError(
        .badReply, "'\(provider)' answered \(vectors.count) vectors for \(count) items")
    }
    return vectors
  }

  /// The value that should be a vector: numbers, the same in brackets of their own, or base64 of
  /// 32-bit floats, low byte first.
  func vector(_ scanner: inout JSONScanner) throws -> AnsweredVector {
    switch scanner.next {
    case UInt8(ascii: "["): return try numbers(&scanner, isInner: false)
    case UInt8(ascii: "\""):
      guard let bytes = Base64.decoded(try scanner.string()), bytes.count % 4 == 0, !bytes.isEmpty
      else { return .failure(unusable("a text where a vector should be")) }
      return checked(
        stride(from: 0, to: bytes.count, by: 4).map { start in
          Float(
            bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
        })
    case UInt8(ascii: "n"):
      _ = try scanner.word()
      return .failure(unusable("null where a vector should be"))
    default:
      try scanner.skipValue()
      return .failure(unusable("something else where a vector should be"))
    }
  }

  /// The member `name` of an object as a vector; the others are skipped.
  func member(_ name: String, _ scanner: inout JSONScanner) throws -> AnsweredVector {
    guard scanner.next == UInt8(ascii: "{") else {
      try scanner.skipValue()
      return .failure(unusable("no vector"))
    }
    var found: AnsweredVector?
    try scanner.members { member, scanner in
      if member == name { found = try vector(&scanner) } else { try scanner.skipValue() }
    }
    return found ?? .failure(unusable("no vector"))
  }

  private func numbers(_ scanner: inout JSONScanner, isInner: Bool) throws -> AnsweredVector {
    var values: [Float] = []
    var inner: [AnsweredVector] = []
    var isStrange = false
    try scanner.elements { scanner in
      if scanner.isAtNumber {
        values.append(try scanner.number())
      } else if !isInner, inner.count < 2, scanner.next == UInt8(ascii: "[") {
        inner.append(try numbers(&scanner, isInner: true))
      } else {
        isStrange = true
        try scanner.skipValue()
      }
    }
    if isStrange || (!inner.isEmpty && !values.isEmpty) {
      return .failure(unusable("a vector that holds something other than numbers"))
    }
    if inner.count > 1 {
      return .failure(unusable("several vectors for one item: its server does not pool them"))
    }
    return inner.first ?? checked(values)
  }

  private func checked(_ values: [Float]) -> AnsweredVector {
    if let strange = values.first(where: { !$0.isFinite }) {
      return .failure(
        unusable(
          strange.isNaN
            ? "a value that is not a number" : "a value beyond the range of 32-bit numbers"))
    }
    return .success(values)
  }

  func unusable(_ what: String) -> ParallaxError {
    ParallaxError(.badReply, "'\(provider)' answered \(what)")
  }

  private var malformed: ParallaxError {
    ParallaxError(
      .badReply, "the reply of '\(provider)' is not the JSON of \(content) it should be")
  }
}
