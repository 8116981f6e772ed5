internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What a script would do: its commands, the calls to providers and their price, the files it writes.
///
/// It is found out from what is there now; what depends on an earlier line is not known.
@MainActor
struct ScriptPlan {
  private var scope: PlanScope
  private var rows: [[Value]] = []
  private var calls = 0
  private var micros = 0
  /// Lines of which something is not known, by the reason.
  private var unknown: [(reason: String, lines: [Int])] = []
  private var files = 0
  /// Whether an earlier line names a remote model, of which a space that is not there yet may be.
  private var namesRemoteModel = false

  init(of pieces: [CheckedPiece], in session: Session) async throws {
    scope = PlanScope(session)
    for checked in pieces.flatMap(\.statements) { try await add(checked) }
  }

  var output: CommandOutput {
    let table = Table(
      columns: [
        .init("line", .integer, isKey: true), .init("command", .text, wraps: true),
        .init("calls", .integer), .init("dollars", .real, fractionDigits: 4),
        .init("writes", .text),
      ], rows: rows)
    var footer = [Wording.count(rows.count, "command")]
    footer.append(
      calls == 0 && unknown.isEmpty
        ? "no call to a provider"
        : "about \(Wording.count(calls, "call")) to providers for \(Wording.dollars(micros))"
          + (unknown.isEmpty ? "" : ", without those not known"))
    footer.append(files == 0 ? "writes no file" : "writes \(Wording.count(files, "file"))")
    // A plan is read whole.
    var output = CommandOutput(
      .shown(table, format: nil, rows: max(1, rows.count)), footer: footer)
    output.notes = unknown.map { reason, lines in
      (lines.count == 1 ? "line " : "lines ") + lines.map(String.init).joined(separator: ", ")
        + ": \(reason)"
    }
    return output
  }

  private mutating func add(_ checked: CheckedStatement) async throws {
    let line = checked.statement.line
    var demand: CallDemand? = CallDemand.none
    scope.isPiped = false
    for command in checked.commands {
      do {
        let one = try await self.demand(of: command)
        demand = demand.map { $0 + one }
        if one.micros == nil { note("the price of what it asks is not known", line) }
      } catch let error as ParallaxError {
        demand = nil
        note("calls not known before it runs: \(error.message)", line)
      }
      if command.arguments.signature.runsScripts { scope.forgetResults() }
      if command.arguments.signature.producesResult {
        scope.isPiped = true
        scope.make("_")
      }
    }
    checked.statement.name.map { scope.make($0) }
    calls += demand?.requests ?? 0
    micros += demand?.micros ?? 0
    files += checked.writes.count
    rows.append([
      Value(line), .text(checked.statement.canonical),
      demand.map { Value($0.requests) } ?? .null,
      demand?.micros.map { .real(Double($0) / 1e6) } ?? .null,
      checked.writes.isEmpty ? .null : .text(checked.writes.joined(separator: ", ")),
    ])
  }

  private mutating func note(_ reason: String, _ line: Int) {
    if let known = unknown.firstIndex(where: { $0.reason == reason }) {
      unknown[known].lines.append(line)
    } else {
      unknown.append((reason, [line]))
    }
  }

  private mutating func demand(of command: BuiltCommand) async throws -> CallDemand {
    mayCall(command) ? try await command.demand(in: scope) : .none
  }

  /// Verbs that run files of commands.
  private static let runners = [RunCommand.signature.verb, CheckCommand.signature.verb]

  private mutating func mayCall(_ command: BuiltCommand) -> Bool {
    let arguments = command.arguments
    var models = arguments.values.filter { $0.type == .model }.map(\.text)
    if models.isEmpty, arguments.verb == EmbedCommand.signature.verb {
      models = [scope.session.settings[.model]]
    }
    let rerankers = arguments.values.filter { $0.type == .reranker }.map {
      String($0.text.prefix { $0 != ":" })
    }
    let namesRemote =
      models.contains { (try? ProviderRegistry.provider(ofModel: $0))?.isRemote ?? false }
      || rerankers.contains { ProviderRegistry.provider(ofReranker: $0)?.isRemote ?? false }
    namesRemoteModel = namesRemoteModel || namesRemote
    return namesRemote || Self.runners.contains(arguments.verb)
      || arguments.values.contains { value in
        [.space, .system].contains(value.type) && isRemote(SpaceReference(value.text))
      }
  }

  private func isRemote(_ reference: SpaceReference) -> Bool {
    guard let space = try? scope.session.bench.space(reference) else { return namesRemoteModel }
    return (try? ProviderRegistry.provider(withID: space.spec.provider))?.isRemote ?? true
  }
}
