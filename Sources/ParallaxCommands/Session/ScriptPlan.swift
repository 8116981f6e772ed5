internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What a command would ask of remote providers, about.
package struct CallDemand: Sendable, Hashable {
  var requests: Int
  /// Millionths of a US dollar; `nil` where no price is known.
  var micros: Int?

  static let none = CallDemand(requests: 0, micros: 0)

  init(requests: Int, micros: Int?) {
    self.requests = requests
    self.micros = micros
  }

  init(_ remote: Forecast.Remote?) {
    self = remote.map { CallDemand(requests: $0.requests, micros: $0.cost?.micros) } ?? .none
  }
}

/// What a script would do: its commands, the calls to providers and their price, the files it writes.
///
/// It is found out from what is there now; what depends on an earlier line is not known.
@MainActor
struct ScriptPlan {
  private let session: Session
  private var rows: [[Value]] = []
  private var calls = 0
  private var micros = 0
  private var unknown = 0
  private var files = 0
  /// Whether an earlier line names a remote model, of which a space that is not there yet may be.
  private var namesRemoteModel = false

  init(of pieces: [CheckedPiece], in session: Session) async throws {
    self.session = session
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
      calls == 0 && unknown == 0
        ? "no call to a provider"
        : "about \(Wording.count(calls, "call")) to providers for \(Wording.dollars(micros))")
    footer.append(files == 0 ? "writes no file" : "writes \(Wording.count(files, "file"))")
    // A plan is read whole.
    var output = CommandOutput(
      .shown(table, format: nil, rows: max(1, rows.count)), footer: footer)
    if unknown > 0 {
      output.notes = [
        "empty calls or dollars: not known before it runs (\(Wording.count(unknown, "command")))"
      ]
    }
    return output
  }

  private mutating func add(_ checked: CheckedStatement) async throws {
    var demand: CallDemand? = CallDemand.none
    for command in checked.commands {
      let one = try await self.demand(of: command)
      demand = demand.flatMap { sum in
        one.map { one in
          CallDemand(
            requests: sum.requests + one.requests,
            micros: sum.micros.flatMap { left in one.micros.map { left + $0 } })
        }
      }
    }
    calls += demand?.requests ?? 0
    micros += demand?.micros ?? 0
    unknown += demand?.micros == nil ? 1 : 0
    files += checked.writes.count
    rows.append([
      Value(checked.statement.line), .text(checked.statement.canonical),
      demand.map { Value($0.requests) } ?? .null,
      demand?.micros.map { .real(Double($0) / 1e6) } ?? .null,
      checked.writes.isEmpty ? .null : .text(checked.writes.joined(separator: ", ")),
    ])
  }

  private mutating func demand(of command: BuiltCommand) async throws -> CallDemand? {
    guard mayCall(command) else { return CallDemand.none }
    do { return try await command.demand(in: session) } catch is ParallaxError {
      // What it is about is not there yet.
      return nil
    }
  }

  private mutating func mayCall(_ command: BuiltCommand) -> Bool {
    let arguments = command.arguments
    var models = arguments.values.filter { $0.type == .model }.map(\.text)
    if models.isEmpty, arguments.verb == EmbedCommand.signature.verb {
      models = [session.settings[.model]]
    }
    let rerankers = arguments.values.filter { $0.type == .reranker }.map {
      String($0.text.prefix { $0 != ":" })
    }
    let namesRemote =
      models.contains { (try? ProviderRegistry.provider(ofModel: $0))?.isRemote ?? false }
      || rerankers.contains { ProviderRegistry.provider(ofReranker: $0)?.isRemote ?? false }
    namesRemoteModel = namesRemoteModel || namesRemote
    return namesRemote
      || arguments.values.contains { value in
        [.space, .system].contains(value.type) && isRemote(SpaceReference(value.text))
      }
  }

  private func isRemote(_ reference: SpaceReference) -> Bool {
    guard let space = try? session.bench.space(reference) else { return namesRemoteModel }
    return (try? ProviderRegistry.provider(withID: space.spec.provider))?.isRemote ?? true
  }
}
