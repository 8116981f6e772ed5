internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxText

/// An option of the program itself: one entry in ``all``, which parsing and `--help` read.
struct ProgramOption: Sendable {
  enum Effect: Sendable {
    case flag(@Sendable (inout Invocation) -> Void)
    /// `meaning` ends the sentence `'-c' takes …`.
    case value(meaning: String, @Sendable (inout Invocation, String) throws -> Void)
  }

  /// What a shell offers for a value.
  enum Completion: Sendable {
    case words([String])
    /// Files whose names end in one of these, without the dot.
    case file(endings: [String])
    case nothing
  }

  /// The first is the one that help shows.
  let names: [String]
  var placeholder = ""
  let help: String
  /// `nil` for a flag.
  var completion: Completion?
  let effect: Effect

  private static let colors = ["auto", "always", "never"]

  static let all: [ProgramOption] = [
    ProgramOption(
      names: ["-c"], placeholder: "COMMANDS", help: "run COMMANDS and quit",
      completion: .nothing,
      effect: .value(meaning: "commands, such as 'list collections'") {
        try $0.setInput(.commands($1))
      }),
    ProgramOption(
      names: ["-f"], placeholder: "FILE", help: "run the script or notebook FILE and quit",
      completion: .file(endings: ["plx", "md"]),
      effect: .value(meaning: "the path of a script") { try $0.setInput(.script(path: $1)) }),
    ProgramOption(
      names: ["--mode"], placeholder: "FORMAT",
      help: "format of results: " + FormatRegistry.ids.joined(separator: ", "),
      completion: .words(FormatRegistry.ids),
      effect: .value(meaning: "a format of results, such as csv") { $0.mode = $1 }),
    ProgramOption(
      names: ["--echo"], help: "print '> command' before its result, so stdout is a transcript",
      effect: .flag { $0.echoes = true }),
    ProgramOption(
      names: ["--read-only"],
      help: "open the workspace for reading, even while another session writes",
      effect: .flag { $0.isReadOnly = true }),
    ProgramOption(
      names: ["--strict"], help: "treat warnings as errors", effect: .flag { $0.isStrict = true }),
    ProgramOption(
      names: ["--offline"], help: "answer only from kept replies; contact no remote provider",
      effect: .flag { $0.isOffline = true }),
    ProgramOption(
      names: ["--safe"], help: "no shell commands at the prompt",
      effect: .flag { $0.isSafe = true }),
    ProgramOption(
      names: ["--no-init"], help: "do not read the user configuration",
      effect: .flag { $0.readsConfiguration = false }),
    ProgramOption(
      names: ["--color"], placeholder: "WHEN", help: colors.joined(separator: ", "),
      completion: .words(colors),
      effect: .value(meaning: "one of \(colors.joined(separator: ", "))") { invocation, value in
        invocation.color = try one(of: colors, value, option: "--color")
      }),
    ProgramOption(
      names: ["--completions"], placeholder: "SHELL",
      help: "print what completes these arguments in a shell: "
        + ShellScript.names.joined(separator: ", "),
      completion: .words(ShellScript.names),
      effect: .value(meaning: "one of \(ShellScript.names.joined(separator: ", "))") {
        let name = try one(of: ShellScript.names, $1, option: "--completions")
        $0.action = .print(ShellScript(rawValue: name)?.text ?? "")
      }),
    ProgramOption(
      names: ["--man"], help: "print the manual page",
      effect: .flag { $0.action = .print(ManualPage.text) }),
    ProgramOption(
      names: ["--version"], help: "print the version", effect: .flag { $0.action = .version }),
    ProgramOption(
      names: ["--help", "-h"], help: "print this", effect: .flag { $0.action = .help }),
  ]

  /// How the option is shown with its value.
  var label: String { placeholder.isEmpty ? names[0] : "\(names[0]) \(placeholder)" }

  private static func one(
    of words: [String], _ value: String, option: String
  ) throws -> String {
    guard words.contains(value) else {
      throw ParallaxError(
        .usage, "'\(option)' takes one of \(words.joined(separator: ", ")); got '\(value)'",
        hint: Suggestion.hint(for: value, among: words))
    }
    return value
  }
}

extension Invocation {
  /// What `--help` prints.
  package static let help: String = {
    let labels = ProgramOption.all.map(\.label)
    let column = labels.map(\.count).max() ?? 0
    let options = zip(labels, ProgramOption.all).map { label, option in
      let gap = String(repeating: " ", count: column - label.count + 2)
      let text = "  \(label)\(gap)\(option.help)"
      return TerminalText.folded(text, to: 80, hanging: column + 4).joined(separator: "\n") + "\n"
    }
    let widest = ExitCode.all.map(\.label.count).max() ?? 0
    let codes = ExitCode.all.map { code in
      let gap = String(repeating: " ", count: widest - code.label.count + 2)
      return "  \(code.label)\(gap)\(code.meaning)\n"
    }
    return """
      usage: parallax [WORKSPACE] [-c COMMANDS | -f FILE] [options]
             parallax [options] serve WORKSPACE SPACE [options of 'serve']

      Opens the prompt, or runs commands given with -c, in a file with -f, or on the
      standard input when that is not a terminal. WORKSPACE is one file, made when it
      is missing; without it the workspace is temporary and ends with the program.
      'serve' answers requests with what a workspace holds, and writes nothing.

      \(options.joined())
      Exit codes:
      \(codes.joined())
      'help' at the prompt lists the commands.

      """
  }()
}

/// What the program's exit status says.
package struct ExitCode: Sendable {
  package let label: String
  package let meaning: String

  package static let all: [ExitCode] = [
    ExitCode(label: "0", meaning: "done"),
    ExitCode(label: "1", meaning: "a command failed"),
    ExitCode(label: "2", meaning: "usage or syntax; nothing ran"),
    ExitCode(label: "3", meaning: "a check or gate said no"),
    ExitCode(label: "4", meaning: "a provider failed; a retry may help"),
    ExitCode(
      label: "130, 141, 143",
      meaning: "ended by a signal (interrupt, closed pipe, termination)"),
  ]
}
