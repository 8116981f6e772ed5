package import ParallaxCore

/// What `publish` may be told of the layout in an engine.
package enum EngineOption: String, Sendable, Hashable, CaseIterable {
  case type
  case index
  case connectivity = "m"
  case construction = "ef-construction"
  case lists
  case shards
  case replicas
  case quantization
  case onDisk = "on-disk"
  /// The table that the publication is a partition of.
  case partition

  /// What an error about it names.
  package var parameter: ParallaxError.Parameter { ParallaxError.Parameter(name: rawValue) }
}

/// Values of options, as they were written.
package struct EngineOptions: Sendable, Hashable {
  private var values: [EngineOption: String]

  package init(_ values: [EngineOption: String] = [:]) { self.values = values }

  /// - Parameter text: as ``text`` gives it; what is not known is left out.
  package init(text: String) {
    values = [:]
    for part in text.split(separator: " ") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let option = EngineOption(rawValue: String(sides[0])) else {
        continue
      }
      values[option] = String(sides[1])
    }
  }

  package subscript(option: EngineOption) -> String? {
    get { values[option] }
    set { values[option] = newValue }
  }

  package func number(_ option: EngineOption) -> Int? { values[option].flatMap { Int($0) } }

  package var given: [EngineOption] { EngineOption.allCases.filter { values[$0] != nil } }

  /// Such as `type=vector index=hnsw m=16`.
  package var text: String {
    given.map { "\($0.rawValue)=\(values[$0] ?? "")" }.joined(separator: " ")
  }
}

extension VectorEngine {
  /// - Throws: `unsupported`, about the first option that the engine does not have.
  package static func check(_ given: EngineOptions) throws {
    guard let other = given.given.first(where: { !options.contains($0) }) else { return }
    let names = options.map { "--\($0.rawValue)" }
    throw ParallaxError(
      .unsupported, "\(id) has no --\(other.rawValue)",
      hint: names.isEmpty ? "leave it out" : "it takes \(names.joined(separator: ", "))",
      parameter: other.parameter)
  }

  /// The options of an engine that keeps those of the first publish.
  ///
  /// - Throws: `unsupported`, about the first option that is another one than kept.
  static func keeping(
    _ given: EngineOptions, over kept: EngineOptions?, usual: [EngineOption: String]
  ) throws -> EngineOptions {
    var options = kept ?? EngineOptions(usual)
    for option in given.given {
      if let kept, kept[option] != given[option] {
        throw ParallaxError(
          .unsupported,
          "what is published there has --\(option.rawValue) \(kept[option] ?? "unset"), and a collection keeps it",
          hint: "'drop publication' removes it; --name chooses another collection",
          parameter: option.parameter)
      }
      options[option] = given[option]
    }
    return options
  }
}
