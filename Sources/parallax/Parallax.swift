private import ParallaxCommands
private import ParallaxCore
private import ParallaxImaging

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@main
struct Parallax {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == DecodeWorker.argument { DecodeWorker.main() }
    let interrupts = Interrupts()
    exit(await run(arguments, interrupts))
  }

  @MainActor
  private static func run(_ arguments: [String], _ interrupts: Interrupts) async -> Int32 {
    do {
      let invocation = try Invocation(arguments: arguments)
      let program = Program(invocation, environment: Environment.variables)
      switch invocation.action {
      case .help: try program.console.write(Invocation.help)
      case .version: try program.console.write("parallax \(Version.current)\n")
      case .run: return try await run(program, interrupts)
      }
      return 0
    } catch {
      let console = Console.standard(color: "auto", environment: Environment.variables)
      return ErrorReport(console: console).report(error)
    }
  }

  @MainActor
  private static func run(_ program: Program, _ interrupts: Interrupts) async throws -> Int32 {
    let isPrompt =
      program.invocation.input == .standardInput && isatty(STDIN_FILENO) == 1
    let session = try program.makeSession(isInteractive: isPrompt)
    defer { session.close() }
    if isPrompt {
      await Prompt(session: session, interrupts: interrupts).run()
      return 0
    }
    return await interrupts.cancellable { await program.runScript(in: session) }
  }
}
