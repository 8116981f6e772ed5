internal import CommandLanguage
internal import ParallaxCore

/// A statement that succeeded.
struct Entered: Sendable {
  let number: Int
  let statement: Statement

  var text: String { statement.canonical }
}

extension [Entered] {
  /// The statements as lines of a script, where results without a name have none of their numbers.
  ///
  /// - Throws: `no-result` when a line reads the result of an input that is not among them.
  func scriptLines() throws -> [String] {
    let used = Set(flatMap(\.statement.resultsUsed).filter { $0.first == "_" && $0 != "_" })
    var names: [String: String] = [:]
    var makers: [Int: String] = [:]
    for reference in used {
      guard let number = Int(reference.dropFirst()),
        let maker = lastIndex(where: { $0.number == number && $0.givesResult })
      else {
        if contains(where: { "_\($0.number)" == reference && $0.runsScript }) {
          names[reference] = "_"
          continue
        }
        throw ParallaxError(
          .noResult,
          "a command reads '\(reference)', and the input that gave it is not among those saved",
          hint: "save a range that holds it, or give the result a name")
      }
      let name = self[maker].statement.name ?? "input_\(number)"
      names[reference] = name
      makers[maker] = name
    }
    return indices.map { self[$0].statement.canonical(named: makers[$0], renaming: names) }
  }
}

extension Entered {
  var givesResult: Bool {
    statement.pipeline.last?.signature.producesResult ?? false
  }

  fileprivate var runsScript: Bool { statement.pipeline.contains { $0.signature.runsScripts } }
}
