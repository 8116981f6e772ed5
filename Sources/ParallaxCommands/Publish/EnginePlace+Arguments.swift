internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxWorkbench

extension EnginePlace {
  /// The engine that `query` is to ask; `nil` for the search here.
  ///
  /// - Throws: what cannot be asked of an engine, about the option.
  init?(_ arguments: Arguments, _ query: Query) throws {
    typealias Own = QueryCommand
    guard let text = try arguments[Own.engine] else {
      let others: [any ArgumentKey] = [Own.table, Own.probes]
      for other in others where arguments.given(other) {
        throw arguments.error(at: other, .usage, "--\(other.name) goes with --on")
      }
      return nil
    }
    let address = try attributing(to: Own.engine) { try EngineAddress(text) }
    let others: [any ArgumentKey] = [Own.also, Own.isDryRun]
    for other in others where arguments.given(other) {
      throw arguments.error(
        at: other, .usage, "--on asks one space; --\(other.name) cannot be combined with it")
    }
    try query.checkForEngine()
    let name = try arguments[Own.table]
    if let name { try attributing(to: Own.table) { try EngineSchema.check(name: name) } }
    self.init(address: address, name: name, probes: try arguments[Own.probes])
  }
}
