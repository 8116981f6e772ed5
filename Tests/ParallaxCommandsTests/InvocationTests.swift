import ParallaxCore
import Testing

@testable import ParallaxCommands

@Suite struct InvocationTests {
  @Test func `arguments in any order`() throws {
    let invocation = try Invocation(arguments: [
      "--mode=csv", "-c", "list models", "--read-only", "work.parallax", "--strict", "--safe",
      "--echo", "--no-init", "--color", "never",
    ])
    #expect(invocation.workspace == "work.parallax")
    #expect(invocation.input == .commands("list models"))
    #expect(invocation.mode == "csv" && invocation.color == "never")
    #expect(invocation.isReadOnly && invocation.isStrict && invocation.isSafe && invocation.echoes)
    #expect(!invocation.readsConfiguration)
  }

  @Test func `nothing at all is a prompt in a workspace that ends with it`() throws {
    let invocation = try Invocation(arguments: [])
    #expect(invocation.workspace == nil && invocation.input == .standardInput)
    #expect(invocation.action == .run && invocation.readsConfiguration)
  }

  static let mistakes: [(arguments: [String], message: String, hint: String?)] = [
    (
      ["-c"], "'-c' takes commands, such as 'list collections'",
      "'parallax --help' shows the options"
    ),
    (["--moed", "csv"], "unknown option '--moed' for 'parallax'", "did you mean '--mode'?"),
    (["-c", "a", "-f", "b"], "give either -c or -f, and only once", nil),
    (
      ["a", "b"], "one workspace at a time; got 'a' and 'b'",
      "give commands with -c, a script with -f"
    ),
    (
      ["night.plx"], "'night.plx' is a script, not a workspace",
      "'parallax -f night.plx' runs it"
    ),
    (
      ["notes/Tour.MD"], "'notes/Tour.MD' is a page, not a workspace",
      "'parallax -f notes/Tour.MD' runs it as a notebook"
    ),
    (
      ["query"], "'query' is a command, not a workspace",
      "'parallax -c \"query …\"' runs it; './query' names a file"
    ),
    (["--strict=yes"], "'--strict' takes no value; got 'yes'", nil),
    (
      ["--color", "alwasy"], "'--color' takes one of auto, always, never; got 'alwasy'",
      "did you mean 'always'?"
    ),
  ]

  @Test(arguments: mistakes)
  func `what cannot be meant is a usage error`(
    arguments: [String], message: String, hint: String?
  ) {
    #expect {
      try Invocation(arguments: arguments)
    } throws: { error in
      guard let error = error as? ParallaxError else { return false }
      return error.message == message && error.hint == hint && error.code.exitCode == 2
    }
  }

  @Test(arguments: [
    ("--help", Invocation.Action.help), ("-h", .help), ("help", .help), ("--version", .version),
    ("version", .version),
  ])
  func `asking about the program runs nothing`(argument: String, action: Invocation.Action) throws {
    #expect(try Invocation(arguments: [argument]).action == action)
  }

  @Test func `a path may be called as a command is`() throws {
    #expect(try Invocation(arguments: ["./query"]).workspace == "./query")
  }

  @Test func `help names every option and format, and fits a terminal`() {
    for option in ProgramOption.all {
      #expect(Invocation.help.contains("  \(option.names[0]) "), "\(option.names)")
    }
    #expect(Invocation.help.contains("markdown"))
    for line in Invocation.help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }
}
