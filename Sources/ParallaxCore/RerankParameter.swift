/// A parameter of a method or model that reranks, as `--model NAME:key=value` sets it.
package struct RerankParameter: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// `COLLECTION@SPACE`, another space of the same collection.
    case space
  }

  package var name: String
  package var kind: Kind
  /// What counts when it is not written; `nil` where it must be.
  package var usual: String?
  /// One line.
  package var summary: String

  package init(_ name: String, _ kind: Kind, usual: String?, _ summary: String) {
    self.name = name
    self.kind = kind
    self.usual = usual
    self.summary = summary
  }

  /// What it takes, within a sentence.
  package var rule: String {
    switch kind {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      "a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .space: "COLLECTION@SPACE"
    }
  }

  /// Without `.0`.
  private static func text(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? String(number)
  }

  fileprivate func accepts(_ text: String) -> Bool {
    switch kind {
    case .integer(let range): Int(text).map(range.contains) ?? false
    case .number(let range): Double(text).map(range.contains) ?? false
    case .choice(let words): words.contains(text)
    case .space: text.contains("@")
    }
  }
}

/// The parameters of a method, whole: what was written, and what counts otherwise.
package struct RerankParameters: Sendable, Hashable {
  /// One of those that were written.
  package struct Given: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private var declared: [RerankParameter] = []
  private var values: [String: String] = [:]

  /// None.
  package init() {}

  /// - Parameter method: names it in errors.
  /// - Throws: `invalid-value`, about the parameter `model`, for a parameter that the method does not
  ///   have, that is written twice, is out of range or missing.
  package init(_ given: [Given], of declared: [RerankParameter], method: String) throws {
    self.declared = declared
    for one in given {
      guard let parameter = declared.first(where: { $0.name == one.name }) else {
        let names = declared.map(\.name)
        throw Self.fault(
          names.isEmpty
            ? "'\(method)' has no parameters; got '\(one.name)'"
            : "'\(method)' has the parameters \(names.joined(separator: ", ")); got '\(one.name)'",
          hint: Suggestion.hint(for: one.name, among: names))
      }
      guard values[one.name] == nil else {
        throw Self.fault("parameter '\(one.name)' of '\(method)' is written twice")
      }
      guard parameter.accepts(one.value) else {
        var hint: String?
        if case .choice(let words) = parameter.kind {
          hint = Suggestion.hint(for: one.value, among: words)
        }
        throw Self.fault(
          "parameter '\(one.name)' of '\(method)' takes \(parameter.rule); got '\(one.value)'",
          hint: hint)
      }
      values[one.name] = one.value
    }
    for parameter in declared where values[parameter.name] == nil {
      guard let usual = parameter.usual else {
        throw Self.fault(
          "'\(method)' needs the parameter '\(parameter.name)': \(parameter.summary)",
          hint: "such as --model \(method):\(parameter.name)=\(parameter.example)")
      }
      values[parameter.name] = usual
    }
  }

  private static func fault(_ message: String, hint: String? = nil) -> ParallaxError {
    ParallaxError(.invalidValue, message, hint: hint, parameter: "model")
  }

  /// The whole number of a declared parameter.
  package func integer(_ name: String) -> Int { values[name].flatMap { Int($0) } ?? 0 }

  /// The number of a declared parameter.
  package func number(_ name: String) -> Double { values[name].flatMap { Double($0) } ?? 0 }

  package func text(_ name: String) -> String { values[name] ?? "" }

  /// The space that a parameter names; `nil` where the method has no such parameter.
  package var space: String? {
    declared.first { $0.kind == .space }.flatMap { values[$0.name] }
  }

  /// All of them in the order in which they are declared, each as `name=value`.
  package var settings: [String] { declared.map { "\($0.name)=\(text($0.name))" } }
}

extension RerankParameter {
  fileprivate var example: String {
    switch kind {
    case .integer(let range): String(range.lowerBound)
    case .number(let range): String(range.lowerBound)
    case .choice(let words): words.first ?? ""
    case .space: "photos@other"
    }
  }
}
