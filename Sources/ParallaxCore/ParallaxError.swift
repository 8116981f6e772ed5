/// An error a person can act on: a stable code, a message, a remedy, a cause.
///
/// Messages are lower case, without a full stop, put names in quotes and state
/// the rule; they never hold a key, a token or a bound value.
package struct ParallaxError: Error, Sendable {
  /// A stable identifier such as `unknown-option`, with the exit code that goes with it.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    package let name: String
    package let exitCode: Int32

    /// Modules add their own codes in extensions beside the errors they throw.
    package init(_ name: String, exitCode: Int32 = 1) {
      self.name = name
      self.exitCode = exitCode
    }

    package var description: String { name }
  }

  /// Where in a source text the error lies.
  package struct Location: Sendable, Hashable {
    /// A file name, or `input 12` at the prompt.
    package var source: String
    /// The whole line, echoed under the message.
    package var text: String
    /// One-based line number; `nil` at the prompt.
    package var line: Int?
    /// UTF-8 offsets into `text` of the part at fault.
    package var range: Range<Int>

    package init(source: String, text: String, line: Int?, range: Range<Int>) {
      self.source = source
      self.text = text
      self.line = line
      self.range = range
    }

    /// The part at fault.
    package var part: String {
      let bytes = Array(text.utf8)
      return String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }
  }

  /// Which input of a request is at fault, for whoever knows where it was written.
  package struct Parameter: Sendable, Hashable, ExpressibleByStringLiteral {
    /// As the request calls it, such as `top` or `COLLECTION`.
    package var name: String
    /// Which of several values.
    package var index: Int
    /// UTF-8 offsets into the value of the part at fault.
    package var part: Range<Int>?

    package init(name: String, index: Int = 0, part: Range<Int>? = nil) {
      self.name = name
      self.index = index
      self.part = part
    }

    package init(stringLiteral name: String) { self.init(name: name) }
  }

  package var code: Code
  package var message: String
  /// Shown at the caret, or on a line of its own: `did you mean '--top'?`.
  package var hint: String?
  /// The usage line of the command at fault.
  package var usage: String?
  package var location: Location?
  /// What becomes the location when the request was written as a command.
  package var parameter: Parameter?
  package var cause: (any Error)?

  package init(
    _ code: Code, _ message: String, hint: String? = nil, usage: String? = nil,
    location: Location? = nil, parameter: Parameter? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.usage = usage
    self.location = location
    self.parameter = parameter
    self.cause = cause
  }

  /// The same error, pointing at `location` unless it already points somewhere.
  package func located(at location: Location) -> ParallaxError {
    guard self.location == nil else { return self }
    var copy = self
    copy.location = location
    return copy
  }

  /// The same error, about `parameter` unless it already names one or points somewhere.
  package func about(_ parameter: Parameter) -> ParallaxError {
    guard location == nil, self.parameter == nil else { return self }
    var copy = self
    copy.parameter = parameter
    return copy
  }
}

/// Runs `body`; its errors are about `parameter` unless they name one or point somewhere.
package func attributing<Result>(
  to parameter: ParallaxError.Parameter, _ body: () throws -> Result
) throws -> Result {
  do { return try body() } catch let error as ParallaxError { throw error.about(parameter) }
}

extension ParallaxError: CustomStringConvertible {
  /// The message with its hint and causes on one line, for logs and tests.
  package var description: String {
    var text = "\(code): \(message)"
    if let hint { text += " (\(hint))" }
    if let cause { text += " <- \(cause)" }
    return text
  }
}

extension ParallaxError.Code {
  /// Bad syntax or wrong use of a command: nothing ran.
  package static let usage = Self("usage", exitCode: 2)
  package static let unknownName = Self("unknown-name")
  package static let unknownField = Self("unknown-field")
  package static let alreadyExists = Self("already-exists")
  package static let invalidValue = Self("invalid-value")
  package static let unreadableFile = Self("unreadable-file")
  package static let unsupported = Self("unsupported")
  package static let missingComponent = Self("missing-component")
  package static let provider = Self("provider", exitCode: 4)
  package static let cancelled = Self("cancelled", exitCode: 130)
  package static let internalError = Self("internal-error")
}
