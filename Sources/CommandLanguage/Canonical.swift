extension ParsedCommand {
  /// Full verb and option names, objects first, minimal quoting, variables kept.
  package var canonical: String { "" }
}

extension Arguments {
  /// As ``ParsedCommand/canonical``, with the variables filled in.
  package var canonical: String { "" }
}
