/// The results of a session: those with a name until it is given to another, those of past inputs
/// (`_1`, `_2`, …) as long as the setting `results.keep` allows, so that a long session's memory
/// stays bounded.
struct ResultShelf {
  private var named: [String: NamedResult] = [:]
  private var ofInputs: [Int: NamedResult] = [:]
  private var newestForgotten = 0
  /// What `_` means.
  private(set) var last: NamedResult?

  /// The names people gave.
  var names: [String] { named.keys.sorted() }

  subscript(name: String) -> NamedResult? {
    if name == "_" { return last }
    return Self.input(name).map { ofInputs[$0] } ?? named[name]
  }

  /// - Parameters:
  ///   - input: the number of the input it is of; `nil` in scripts, whose inputs have none.
  ///   - limit: how many results of inputs are kept.
  mutating func keep(_ result: NamedResult, input: Int?, limit: Int) {
    last = result
    if result.name != "_" { named[result.name] = result }
    guard let input else { return }
    ofInputs[input] = result
    while ofInputs.count > limit, let oldest = ofInputs.keys.min() {
      ofInputs[oldest] = nil
      newestForgotten = oldest
    }
  }

  mutating func remove(_ name: String) -> Bool {
    guard let input = Self.input(name) else { return named.removeValue(forKey: name) != nil }
    return ofInputs.removeValue(forKey: input) != nil
  }

  /// Whether a name is of an input whose result is no longer kept.
  func hasForgotten(_ name: String) -> Bool {
    Self.input(name).map { (1...max(1, newestForgotten)).contains($0) && newestForgotten > 0 }
      ?? false
  }

  private static func input(_ name: String) -> Int? {
    name.hasPrefix("_") ? Int(name.dropFirst()) : nil
  }
}
