internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// Reads files of a job's answers: one JSON object a line, with the `key` of an input and its `response`, or
/// with an `error` or a `status` that says why there is none. Lines stand in any order.
struct BatchReply {
  let provider: String

  /// By position in the job.
  private(set) var answers: [Int: AnsweredVector] = [:]
  /// Of lines that belong to no input, the first refusal.
  private(set) var message: String?

  init(provider: String) { self.provider = provider }

  /// - Throws: `bad-reply` for what is no such file, or holds two vectors of one input; `CancellationError`.
  mutating func read(_ file: [UInt8]) throws {
    for (place, line) in file.split(separator: UInt8(ascii: "\n")).enumerated() {
      if place % 256 == 0 { try Task.checkCancellation() }
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
      let (position, answer) = try read(line: Array(line))
      guard let position else {
        guard case .failure(let error) = answer, error.code == .rejectedInput else {
          throw ParallaxError(.badReply, "a line of a batch's answers has no key of ours")
        }
        message = message ?? error.message
        continue
      }
      try add(answer, at: position)
    }
  }

  /// An input that was tried again may have a refusal beside its vector.
  private mutating func add(_ answer: AnsweredVector, at position: Int) throws {
    guard case .success(let known)? = answers[position] else {
      answers[position] = answer
      return
    }
    if case .success(let vector) = answer, vector != known {
      throw ParallaxError(.badReply, "a batch's answers hold input \(position) twice")
    }
  }

  private func read(line: [UInt8]) throws -> (position: Int?, answer: AnsweredVector) {
    let reader = VectorReply(provider: provider)
    var position: Int?
    var vector: AnsweredVector?
    var refusal: String?
    do {
      var scanner = JSONScanner(line, .lenient)
      try scanner.members { name, scanner in
        switch (name, scanner.next) {
        case ("key", UInt8(ascii: "\"")):
          let key = try scanner.string()
          position = Int(key).flatMap { String($0) == key ? $0 : nil }
        case ("response", UInt8(ascii: "{")):
          try scanner.members { name, scanner in
            if name == "embedding" {
              vector = try reader.member("values", &scanner)
            } else {
              try scanner.skipValue()
            }
          }
        case ("error", UInt8(ascii: "{")), ("status", UInt8(ascii: "{")):
          refusal = try message(&scanner) ?? refusal
        case ("error", UInt8(ascii: "\"")), ("status", UInt8(ascii: "\"")):
          let text = try scanner.string()
          if !text.isEmpty { refusal = Self.words(text) }
        default: try scanner.skipValue()
        }
      }
    } catch is JSONScanner.Malformed {
      throw ParallaxError(.badReply, "a line of a batch's answers is not the JSON it should be")
    }
    if case .success? = vector { return (position, vector ?? .success([])) }
    if let refusal {
      let error = ParallaxError(.rejectedInput, "'\(provider)' refused the input: \(refusal)")
      return (position, .failure(error))
    }
    return (position, vector ?? .failure(reader.unusable("no vector")))
  }

  /// The message of a `google.rpc.Status`; `nil` for that of a success.
  private func message(_ scanner: inout JSONScanner) throws -> String? {
    var message = ""
    var isSuccess = false
    try scanner.members { name, scanner in
      switch (name, scanner.next) {
      case ("message", UInt8(ascii: "\"")): message = try scanner.string()
      case ("code", _) where scanner.isAtNumber: isSuccess = try scanner.number() == 0
      default: try scanner.skipValue()
      }
    }
    return isSuccess ? nil : message
  }

  /// Some services write the status as text that holds JSON.
  private static func words(_ text: String) -> String {
    text.hasPrefix("{")
      ? ServiceError(HTTPResponse(status: 400, body: Array(text.utf8))).message : text
  }
}
