internal import CommandLanguage
internal import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What the program was started with.
package struct Invocation: Sendable {
  package enum Input: Sendable, Hashable {
    /// The prompt on a terminal, otherwise the standard input as a script.
    case standardInput
    case commands(String)
    case script(path: String)
  }

  package enum Action: Sendable, Hashable {
    case run, help, version
    /// A text that other programs read.
    case print(String)
  }

  package var action = Action.run
  /// `nil` keeps the workspace in memory only.
  package var workspace: String?
  package var input = Input.standardInput
  package var echoes = false
  package var isSafe = false
  package var readsConfiguration = true
  package var isReadOnly = false
  package var isStrict = false
  package var isOffline = false
  package var color = "auto"
  package var mode: String?

  package init() {}

  /// - Throws: `usage` naming the argument at fault.
  package init(arguments: [String]) throws {
    self.init()
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let (name, attached) = Self.split(argument)
      if let option = ProgramOption.all.first(where: { $0.names.contains(name) }) {
        try take(option, named: name, attached) { rest.popFirst() }
      } else if name.hasPrefix("-"), name != "-" {
        throw ParallaxError(
          .usage, "unknown option '\(name)' for 'parallax'",
          hint: Suggestion.hint(for: name, among: ProgramOption.all.flatMap(\.names))
            ?? "'parallax --help' shows the options")
      } else if argument == ServeCommand.signature.verb, workspace == nil,
        !FileStatus.exists(argument)
      {
        try setServing(rest)
        return
      } else {
        try setWorkspace(argument)
      }
    }
  }

  /// `serve WORKSPACE SPACE …`: the rest is the command's, and nothing is written.
  private mutating func setServing(_ arguments: ArraySlice<String>) throws {
    guard let name = arguments.first, !name.hasPrefix("-"), arguments.count > 1 else {
      throw ParallaxError(
        .usage, "'parallax serve' takes a workspace and a space",
        hint: "such as 'parallax serve work.parallax photos@base --port 8080'")
    }
    try setWorkspace(name)
    isReadOnly = true
    let words = arguments.dropFirst().map { word in
      let (name, value) = Self.split(word)
      let isOption = name.hasPrefix("--") && name.utf8.allSatisfy(Self.isOptionByte)
      guard isOption else { return Quoting.quoted(word) }
      return name + (value.map { "=" + Quoting.quoted($0) } ?? "")
    }
    try setInput(.commands(([ServeCommand.signature.verb] + words).joined(separator: " ")))
  }

  private static func isOptionByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private mutating func take(
    _ option: ProgramOption, named name: String, _ attached: String?, _ next: () -> String?
  ) throws {
    switch option.effect {
    case .flag(let set):
      guard attached == nil else {
        throw ParallaxError(.usage, "'\(name)' takes no value; got '\(attached ?? "")'")
      }
      set(&self)
    case .value(let meaning, let set):
      guard let value = attached ?? next() else {
        throw ParallaxError(
          .usage, "'\(name)' takes \(meaning)", hint: "'parallax --help' shows the options")
      }
      try set(&self, value)
    }
  }

  /// Refuses a name that is surely a mistake and would create an empty file.
  private mutating func setWorkspace(_ name: String) throws {
    switch name {
    case "help": action = .help
    case "version": action = .version
    case _ where name.lowercased().hasSuffix(".plx"):
      throw ParallaxError(
        .usage, "'\(name)' is a script, not a workspace", hint: "'parallax -f \(name)' runs it")
    case _ where name.lowercased().hasSuffix(".md"):
      throw ParallaxError(
        .usage, "'\(name)' is a page, not a workspace",
        hint: "'parallax -f \(name)' runs it as a notebook")
    case _ where CommandRegistry.signatures.isTaken(name) && !FileStatus.exists(name):
      throw ParallaxError(
        .usage, "'\(name)' is a command, not a workspace",
        hint: "'parallax -c \"\(name) …\"' runs it; './\(name)' names a file")
    default:
      guard workspace == nil else {
        throw ParallaxError(
          .usage, "one workspace at a time; got '\(workspace ?? "")' and '\(name)'",
          hint: "give commands with -c, a script with -f")
      }
      workspace = name
    }
  }

  mutating func setInput(_ new: Input) throws {
    guard input == .standardInput else {
      throw ParallaxError(.usage, "give either -c or -f, and only once")
    }
    input = new
  }

  private static func split(_ argument: String) -> (name: String, value: String?) {
    guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else {
      return (argument, nil)
    }
    return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
  }
}
