private import ParallaxCommands
private import ParallaxCore
private import ParallaxImaging
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@main
struct Parallax {
  static func main() async {
    ProcessStart.claimStandardStreams()
    if ProcessStart.isStarted(with: DecodeWorker.argument) { DecodeWorker.main() }
    exit(await run())
  }

  @MainActor
  private static func run() async -> Int32 {
    do {
      try ProcessStart.checkLimits()
      let invocation = try Invocation(arguments: try ProcessStart.arguments())
      let interrupts = try Interrupts()
      let program = Program(invocation, environment: Environment.variables)
      switch invocation.action {
      case .help: try program.console.write(Invocation.help)
      case .version: try program.console.write("parallax \(Version.current)\n")
      case .print(let text): try program.console.write(text)
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
    session.takeTermination = { interrupts.takeTermination($0) }
    if let code = await interrupts.cancellable({ await session.checkAfterUncleanEnd() }) {
      return code
    }
    if isPrompt {
      await Prompt(session: session, interrupts: interrupts).run()
      return 0
    }
    return await interrupts.cancellable { await program.runScript(in: session) }
  }
}
