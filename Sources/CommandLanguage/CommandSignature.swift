/// What a command accepts; parsing, checking, help and completion all read it.
package struct CommandSignature: Sendable, Hashable {
  package var verb: String
  /// Other names, at the prompt only.
  package var aliases: [String]
  /// The heading in the overview of help, such as `Search`.
  package var group: String
  /// One line, lower case, no full stop.
  package var summary: String
  /// Paragraphs for `help VERB`, separated by empty lines; each is wrapped to the terminal.
  package var discussion: String
  package var objects: [ObjectSpec]
  package var options: [OptionSpec]
  /// Whole lines that work.
  package var examples: [String]
  /// Whether it may follow `|`; the pipe then takes the place of its first `result` object.
  package var acceptsResult: Bool
  /// Whether it may be named (`red = …`) or be followed by `|`.
  package var producesResult: Bool
  /// Whether it runs other commands, after which the names of results are not known beforehand.
  package var runsScripts: Bool
  /// Whether it stands before the name of a result that begins a pipeline: `red | filter …`.
  package var showsResults: Bool

  package init(
    verb: String, aliases: [String] = [], group: String = "", summary: String,
    discussion: String = "", objects: [any ObjectDeclaration] = [],
    options: [any OptionDeclaration] = [],
    examples: [String] = [], acceptsResult: Bool = false, producesResult: Bool = false,
    runsScripts: Bool = false, showsResults: Bool = false
  ) {
    self.verb = verb
    self.aliases = aliases
    self.group = group
    self.summary = summary
    self.discussion = discussion
    self.objects = objects.map(\.spec)
    self.options = options.map(\.spec)
    self.examples = examples
    self.acceptsResult = acceptsResult
    self.producesResult = producesResult
    self.runsScripts = runsScripts
    self.showsResults = showsResults
  }

  /// One line: the verb, its objects, its options.
  package var usage: String {
    ([verb] + objects.map(\.usage) + options.map(\.usage)).joined(separator: " ")
  }

  package func option(named name: String) -> OptionSpec? { options.first { $0.name == name } }
  package func object(named name: String) -> ObjectSpec? { objects.first { $0.name == name } }
}
