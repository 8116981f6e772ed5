internal import ParallaxCore

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
      func value(_ meaning: String) throws -> String {
        if let attached { return attached }
        if let next = rest.popFirst() { return next }
        throw ParallaxError(
          .usage, "'\(name)' takes \(meaning)", hint: "'parallax --help' shows the options")
      }
      switch name {
      case "-h", "--help": action = .help
      case "--version": action = .version
      case "-c": try setInput(.commands(try value("commands, such as 'list collections'")))
      case "-f": try setInput(.script(path: try value("the path of a script")))
      case "--echo": echoes = true
      case "--safe": isSafe = true
      case "--no-init": readsConfiguration = false
      case "--read-only": isReadOnly = true
      case "--strict": isStrict = true
      case "--offline": isOffline = true
      case "--color":
        let choices = ["auto", "always", "never"]
        color = try value("one of \(choices.joined(separator: ", "))")
        guard choices.contains(color) else {
          throw ParallaxError(
            .usage, "'--color' takes one of \(choices.joined(separator: ", ")); got '\(color)'",
            hint: Suggestion.hint(for: color, among: choices))
        }
      case "--mode": mode = try value("a format of results, such as csv")
      case _ where name.hasPrefix("-") && name != "-":
        throw ParallaxError(
          .usage, "unknown option '\(name)' for 'parallax'",
          hint: Suggestion.hint(for: name, among: Self.options)
            ?? "'parallax --help' shows the options")
      default:
        guard workspace == nil else {
          throw ParallaxError(
            .usage, "one workspace at a time; got '\(workspace ?? "")' and '\(argument)'",
            hint: "commands go behind -c, a script behind -f")
        }
        workspace = argument
      }
    }
  }

  private mutating func setInput(_ new: Input) throws {
    guard input == .standardInput else {
      throw ParallaxError(.usage, "one of -c and -f, once")
    }
    input = new
  }

  private static func split(_ argument: String) -> (name: String, value: String?) {
    guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else {
      return (argument, nil)
    }
    return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
  }

  private static let options = [
    "--help", "--version", "--echo", "--safe", "--no-init", "--read-only", "--strict", "--offline",
    "--color",
    "--mode",
  ]

  package static let help = """
    usage: parallax [WORKSPACE] [-c COMMANDS | -f FILE] [options]

    Opens the prompt, or runs commands given with -c, in a file with -f, or on the
    standard input when that is not a terminal. WORKSPACE is one file, made when it
    is missing; without it the workspace lives in memory and ends with the program.

      -c COMMANDS     run COMMANDS and leave
      -f FILE         run the script FILE and leave
      --mode FORMAT   format of results: table, line, csv, tsv, json, jsonl, markdown
      --echo          print '> command' before its result, so stdout is a transcript
      --read-only     open the workspace for reading, also beside a writer
      --strict        treat warnings as errors
      --offline       answer from kept replies alone; ask no remote provider
      --safe          no shell commands at the prompt
      --no-init       do not read the user configuration
      --color WHEN    auto, always or never
      --version       print the version
      --help          print this

    Exit codes: 0 done, 1 a command failed, 2 usage or syntax (nothing ran), 3 a check
    said no, 4 a provider failed, 130 interrupted. 'help' at the prompt lists commands.

    """
}
