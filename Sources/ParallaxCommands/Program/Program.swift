internal import CommandLanguage
internal import ParallaxCore
private import ParallaxDigest
private import ParallaxHTTP
private import ParallaxImaging
private import ParallaxProviders
private import ParallaxSearch
private import ParallaxSources
private import ParallaxStorage
private import ParallaxSystem
private import ParallaxWorkbench

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Builds a session from how the program was started.
@MainActor
package struct Program {
  package let invocation: Invocation
  package let environment: [String: String]
  package let console: Console
  private let secrets: [Secret]

  package init(_ invocation: Invocation, environment: [String: String]) {
    self.invocation = invocation
    self.environment = environment
    secrets = KnownSecrets.all(in: environment)
    console = .standard(color: invocation.color, environment: environment)
  }

  /// Opens the workspace and reads the settings.
  ///
  /// - Parameter isInteractive: whether a person types.
  package func makeSession(isInteractive: Bool) throws -> Session {
    if let name = environment[Kernel.variable], !name.isEmpty { _ = try Kernel.named(name) }
    let temporary = invocation.workspace == nil ? try TemporaryWorkspace() : nil
    let sources = makeSources()
    let session = Session(
      bench: Workbench(
        workspace: try openWorkspace(temporary), providers: try makeProviders(sources),
        sources: sources),
      console: console, isInteractive: isInteractive, isSafe: invocation.isSafe)
    session.temporary = temporary
    if isInteractive { console.note(parts: banner) }
    try applySettings(to: session)
    return session
  }

  /// The first line at the prompt.
  private var banner: [String] {
    let workspace = invocation.workspace.map { $0 + (invocation.isReadOnly ? ", read-only" : "") }
    return [
      "parallax \(Version.current)", workspace ?? "a temporary workspace, removed when you quit",
      "'help' lists the commands",
    ]
  }

  /// Runs what `-c`, `-f` or the standard input holds.
  ///
  /// - Returns: the exit code.
  package func runScript(in session: Session) async -> Int32 {
    let interpreter = Interpreter(session: session, echoes: invocation.echoes)
    if invocation.input != .standardInput {
      let lines = StandardLines()
      session.answers = AnswerLines(isTerminal: lines.isTerminal) { try lines.next() }
    }
    do {
      let code: Int32
      switch invocation.input {
      case .commands(let text): code = await interpreter.run(script: text, source: "-c")
      case .script(let path): code = await interpreter.run(try Script(at: path, .any))
      case .standardInput:
        code = await interpreter.run(script: try Script.standardInput(), source: "stdin")
      }
      if code == 0, let warning = session.answers?.leftOver {
        try session.refuse([warning])
        session.warn(of: warning)
      }
      return code
    } catch {
      return ErrorReport(console: console).report(error)
    }
  }

  private func openWorkspace(_ temporary: TemporaryWorkspace?) throws -> Workspace {
    if let temporary { return try temporary.open() }
    return try Workspace(
      path: PathText.expandingHome(invocation.workspace ?? ""),
      mode: invocation.isReadOnly ? .readOnly : .readWrite)
  }

  /// What reads pictures that are no files. Their bytes are not recorded.
  private func makeSources() -> PictureSources {
    PictureSources(
      variables: environment, isOffline: invocation.isOffline, trace: trace, secrets: secrets,
      notify: { [console] in console.note($0) }
    ) {
      if let folder = environment["PARALLAX_REPLAY_HTTP"] { return ReplayTransport(folder: folder) }
      return network
    }
  }

  private func makeProviders(_ sources: PictureSources) throws -> ProviderEnvironment {
    let resources = ResourceLocator(environment: environment)
    return ProviderEnvironment(
      decoder: ImageDecoder(reader: sources), threads: Processors.count,
      miniFolder: resources.miniFolder,
      isMiniNamed: resources.isMiniNamed, shippedModels: resources.shippedModels,
      digests: digests,
      transport: transport, trace: trace, variables: environment,
      isOffline: invocation.isOffline, prices: try prices(), secrets: secrets,
      notify: { [console] in console.note($0) })
  }

  /// Digests of large model files, kept where a person's caches are.
  private var digests: DigestMemory {
    let folder =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
    return DigestMemory(at: folder.map { $0 + "/parallax/digests" })
  }

  /// The person's own prices over those of the program; a file with errors is reported and left out.
  private func prices() throws -> PriceList {
    let folder = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" }
    let path = environment["PARALLAX_PRICES"] ?? folder.map { $0 + "/parallax/prices.csv" }
    guard let path, environment["PARALLAX_PRICES"] != nil || FileStatus.isReadable(path) else {
      return PriceList()
    }
    do { return try PriceList(fileAt: path) } catch {
      try leaveOut(error)
      return PriceList()
    }
  }

  /// Reports what is wrong with a file of the person's own and continues without it, unless strict.
  private func leaveOut(_ error: any Error) throws {
    if invocation.isStrict { throw error }
    ErrorReport(console: console).report(error)
  }

  /// The network; recorded to `PARALLAX_RECORD_HTTP`, or replaced by what `PARALLAX_REPLAY_HTTP` holds.
  private var transport: any HTTPTransport {
    if let folder = environment["PARALLAX_REPLAY_HTTP"] { return ReplayTransport(folder: folder) }
    guard let folder = environment["PARALLAX_RECORD_HTTP"] else { return network }
    return RecordingTransport(network, folder: folder, secrets: secrets)
  }

  private var network: CurlTransport {
    CurlTransport(
      connections: 16,
      certificates: environment["CURL_CA_BUNDLE"] ?? environment["SSL_CERT_FILE"],
      agent: "parallax/\(Version.current)")
  }

  /// Traffic on the notes stream, without keys, when `PARALLAX_SHOW_HTTP` asks for it.
  private var trace: HTTPTrace? {
    guard let asked = environment["PARALLAX_SHOW_HTTP"], !["", "0"].contains(asked) else {
      return nil
    }
    return HTTPTrace(secrets: secrets) { [console] in console.note($0) }
  }

  private func applySettings(to session: Session) throws {
    if invocation.readsConfiguration { try readUserConfiguration(into: session) }
    for (name, value) in try session.workspace.settings() {
      // Other rows are of other versions, or no settings of a person's.
      guard let setting = Setting.all.first(where: { $0.name == name }) else { continue }
      try session.settings.set(setting, to: value, from: .workspace)
    }
    for setting in Setting.all {
      if let value = environment[setting.variable] {
        do { try session.settings.set(setting, to: value, from: .environment) } catch var error
          as ParallaxError
        {
          error.message = "\(setting.variable): \(error.message)"
          throw error
        }
      }
    }
    if let mode = invocation.mode {
      try session.settings.set(SettingKey.mode.setting, to: mode, from: .session)
    }
    if invocation.isStrict {
      try session.settings.set(SettingKey.strict.setting, to: "on", from: .session)
    }
  }

  /// A script of `set` lines; errors are reported but do not stop the program.
  private func readUserConfiguration(into session: Session) throws {
    let folder = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" }
    guard let path = folder.map({ $0 + "/parallax/config.plx" }), FileStatus.isReadable(path) else {
      return
    }
    do {
      let statements = try Parser(CommandRegistry.signatures, style: .script)
        .parse(Script.text(at: path), source: path)
      for command in statements.flatMap(\.pipeline) {
        guard command.verb == "set" else {
          throw command.error(.usage, "a configuration holds 'set' lines only")
        }
        let arguments = try command.bound { _ in nil }
        do {
          let set = try SetCommand(arguments)
          try session.settings.set(set.setting, to: set.value, from: .user)
        } catch let error as ParallaxError {
          throw arguments.located(error)
        }
      }
    } catch {
      try leaveOut(error)
    }
  }
}
