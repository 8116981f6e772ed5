private import ParallaxCore

/// A metric by its text: `ndcg@10`, `mrr`, `rbp:p=0.8`.
///
/// A name, a depth after `@`, and further parameters as `:name=value`; `recall@P90` ends in a percentage.
package struct NamedMetric: Sendable {
  /// The shortest text that means the same.
  package let name: String
  package let metric: any Metric
  /// How many items of each list count, where it looks at some.
  package let cutoff: Int?

  package var higherIsBetter: Bool { Swift.type(of: metric).spec.higherIsBetter }

  /// The depths that may follow `@`.
  package static let cutoffs = 1...10_000

  /// - Throws: `unknown-name` for a metric or parameter that does not exist, `invalid-value` for a
  ///   value that a parameter does not take.
  package init(_ text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var parameters = MetricParameters()
    var given: [String: String] = [:]
    let type: any Metric.Type
    let reader: Reader
    if let (found, parameter, percent) = Self.withPercent(String(parts[0])) {
      type = found
      reader = Reader(spec: type.spec)
      if !percent.isEmpty { given[parameter] = percent }
    } else {
      let head = parts[0].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      type = try Self.type(named: String(head[0]))
      reader = Reader(spec: type.spec)
      parameters.cutoff = try reader.cutoff(head.count > 1 ? String(head[1]) : nil)
    }
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let parameter = try reader.parameter(named: String(pair[0]))
      guard given[parameter.name] == nil else {
        throw ParallaxError(
          .invalidValue, "'\(parameter.name)' of '\(type.spec.id)' is given twice")
      }
      given[parameter.name] = pair.count > 1 ? String(pair[1]) : ""
    }
    name = try reader.read(given, into: &parameters)
    metric = type.init(parameters)
    cutoff = parameters.cutoff
  }

  /// The metric whose name a text is, with digits after it.
  private static func withPercent(
    _ text: String
  ) -> (type: any Metric.Type, parameter: String, percent: String)? {
    for type in MetricRegistry.all {
      let spec = type.spec
      guard text.lowercased().hasPrefix(spec.id.lowercased()),
        let parameter = spec.parameters.first(where: { $0.kind.isPercent })
      else { continue }
      let rest = text.dropFirst(spec.id.count)
      if rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        return (type, parameter.name, String(rest))
      }
    }
    return nil
  }

  private static func type(named name: String) throws -> any Metric.Type {
    let wanted = name.lowercased()
    let found = MetricRegistry.all.first {
      $0.spec.id == wanted || $0.spec.aliases.contains(wanted)
    }
    if let found { return found }
    throw ParallaxError(
      .unknownName,
      "unknown metric '\(name)'; there are \(MetricRegistry.usages.joined(separator: ", "))",
      hint: Suggestion.hint(
        for: name, among: MetricRegistry.all.flatMap { [$0.spec.id] + $0.spec.aliases }))
  }

  /// Reads the parameters of one metric.
  private struct Reader {
    let spec: MetricSpec

    func cutoff(_ text: String?) throws -> Int? {
      let declared = spec.parameters.first { if case .cutoff = $0.kind { true } else { false } }
      guard let declared else {
        guard let text else { return nil }
        throw ParallaxError(
          .invalidValue, "'\(spec.id)' takes no depth; got '@\(text)'", hint: "write '\(spec.id)'")
      }
      guard let text else {
        guard declared.isRequired else { return nil }
        throw ParallaxError(
          .invalidValue, "'\(spec.id)' needs a depth after '@'", hint: "such as '\(spec.id)@10'")
      }
      guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let cutoff = Int(text),
        NamedMetric.cutoffs.contains(cutoff)
      else {
        throw ParallaxError(
          .invalidValue,
          "'\(spec.id)' takes a whole number from \(NamedMetric.cutoffs.lowerBound) to "
            + "\(NamedMetric.cutoffs.upperBound) after '@'; got '\(text)'")
      }
      return cutoff
    }

    private var named: [MetricParameter] {
      spec.parameters.filter { if case .cutoff = $0.kind { false } else { true } }
    }

    func parameter(named name: String) throws -> MetricParameter {
      if let parameter = named.first(where: { $0.name == name }) { return parameter }
      let names = named.map { "'\($0.name)'" }.joined(separator: ", ")
      throw ParallaxError(
        .unknownName,
        "'\(spec.id)' has no parameter '\(name)'"
          + (named.isEmpty ? "; it has none" : "; it has \(names)"),
        hint: Suggestion.hint(for: name, among: named.map(\.name)))
    }

    /// - Returns: the whole metric in its shortest form.
    func read(_ given: [String: String], into parameters: inout MetricParameters) throws -> String {
      var text = spec.id + (parameters.cutoff.map { "@\($0)" } ?? "")
      for parameter in named {
        guard let value = given[parameter.name] ?? parameter.standard else { continue }
        let written = try read(parameter, value, into: &parameters)
        if parameter.kind.isPercent {
          text += written
        } else if written != parameter.standard {
          text += ":\(parameter.name)=\(written)"
        }
      }
      return text
    }

    private func read(
      _ parameter: MetricParameter, _ text: String, into parameters: inout MetricParameters
    ) throws -> String {
      switch parameter.kind {
      case .cutoff: return text
      case .share:
        guard let number = Double(text), number > 0, number < 1 else {
          throw refusal(of: text, for: parameter, "a number above 0 and below 1")
        }
        parameters.numbers[parameter.name] = number
        return "\(number)"
      case .percent:
        guard let number = Int(text), (1...99).contains(number) else {
          throw refusal(of: text, for: parameter, "a whole number from 1 to 99")
        }
        parameters.numbers[parameter.name] = Double(number) / 100
        return "\(number)"
      case .choice(let choices):
        guard choices.contains(text) else {
          throw refusal(
            of: text, for: parameter, choices.joined(separator: ", "),
            hint: Suggestion.hint(for: text, among: choices))
        }
        parameters.choices[parameter.name] = text
        return text
      case .metric:
        let inner = try NamedMetric(text)
        guard let metric = inner.metric as? any QuestionMetric else {
          throw refusal(of: text, for: parameter, "a metric with a value for each question")
        }
        parameters.metrics[parameter.name] = metric
        return inner.name
      }
    }

    private func refusal(
      of text: String, for parameter: MetricParameter, _ rule: String, hint: String? = nil
    ) -> ParallaxError {
      ParallaxError(
        .invalidValue, "'\(parameter.name)' of '\(spec.id)' takes \(rule); got '\(text)'",
        hint: hint)
    }
  }
}
