internal import CommandLanguage
internal import ParallaxCore

extension Arguments {
  /// Refuses options that an action of the verb does not take.
  ///
  /// - Parameter takers: options with the actions that take them; all take the others.
  /// - Throws: `usage`, at the option.
  func checkOptions<Action: RawRepresentable<String> & Equatable>(
    of action: Action, _ takers: [(option: any ArgumentKey, actions: [Action])]
  ) throws {
    for (option, actions) in takers where given(option) && !actions.contains(action) {
      let names = actions.map(\.rawValue).joined(separator: "' and '\(verb) ")
      throw error(
        at: option, .usage, "'\(verb) \(action.rawValue)' takes no --\(option.name)",
        hint: "it goes with '\(verb) \(names)'")
    }
  }
}
