package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
private import ParallaxText
internal import ParallaxWorkbench

package struct CacheCommand: Command {
  private enum Action: String, CaseIterable, Sendable { case info, prune, export }

  private enum Task {
    case info, prune
    case export(path: String)
  }

  private static let action = ObjectKey.optional("ACTION", .choice, default: Action.info)
  private static let model = OptionKey.single(
    "model", .model, placeholder: "MODEL", help: "prune or export one model's replies only")
  private static let file = OptionKey.single(
    "to", .path, placeholder: "FILE", help: "file that export writes", short: "o")
  private static let replaces = OptionKey.flag("replace", help: "overwrite FILE")

  package static let signature = CommandSignature(
    verb: "cache", group: "Spaces",
    summary: "show, prune or export the kept replies of remote providers",
    discussion: """
      Every vector of a remote provider is kept in the workspace, even after its space is dropped: \
      the same request is never paid for twice. With --offline (when the program starts), Parallax \
      answers only from the kept replies.

      export writes one line of JSON per reply: provider, model, kind, time, the digest of the \
      request, and the vector.
      """,
    objects: [action],
    options: [model, file, replaces, OptionKey.yes],
    examples: [
      "cache info", "cache prune --model gemini-embedding-001 --yes",
      "cache export --to replies.jsonl",
    ],
    producesResult: true)

  private static let takers: [(option: any ArgumentKey, actions: [Action])] = [
    (model, [.prune, .export]), (replaces, [.export]), (file, [.export]),
    (OptionKey.yes, [.prune]),
  ]

  private let task: Task
  private let model: String?
  private let replaces: Bool
  private let yes: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    model = try arguments[Self.model]
    replaces = try arguments[Self.replaces]
    yes = try arguments[OptionKey.yes]
    canonical = arguments.canonical
    let action = try arguments[Self.action]
    try arguments.checkOptions(of: action, Self.takers)
    switch action {
    case .info: task = .info
    case .prune: task = .prune
    case .export:
      guard let path = try arguments[Self.file] else {
        throw arguments.error(
          .missingOption, "'cache export' needs a file", hint: "name it with --to FILE",
          usage: true)
      }
      task = .export(path: PathText.expandingHome(path))
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    switch task {
    case .info: break
    case .prune:
      try scope.session.checkConfirmation(
        of: Self.self, yes: yes, hint: "it would forget replies that were paid for")
    case .export(let path): scope.write(path)
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    switch task {
    case .info: return try info(session)
    case .prune:
      try session.confirm(
        "forget the replies of \(model.map { "'\($0)'" } ?? "every model"), which were paid for",
        of: Self.self, yes: yes)
      let count = try session.workspace.pruneReplies(ofModel: model)
      return .note("forgot \(Wording.count(count, "reply", "replies"))")
    case .export(let path): return try export(to: path, session)
    }
  }

  @MainActor private func info(_ session: Session) throws -> CommandOutput {
    let summaries = try session.workspace.replySummaries()
    let table = Table(
      columns: [
        .init("provider", .text, isKey: true), .init("model", .text, isKey: true),
        .init("dimension", .integer), .init("replies", .integer), .init("bytes", .integer),
        .init("oldest", .text), .init("newest", .text),
      ],
      rows: summaries.map {
        [
          .text($0.provider), .text($0.model), Value($0.dimension), Value($0.count),
          Value($0.bytes), .text($0.oldest), .text($0.newest),
        ]
      })
    return CommandOutput(
      .table(table), provenance: Provenance(command: canonical),
      footer: summaries.isEmpty ? ["no replies are kept yet"] : [])
  }

  @MainActor private func export(to path: String, _ session: Session) throws -> CommandOutput {
    var count = 0
    var warnings: [String] = []
    try attributing(to: Self.file) {
      let file = FileWriter.File(path) { write in
        let damaged = try session.workspace.forEachReply(ofModel: model) { kept in
          try write(Array(Self.line(kept).utf8))
          count += 1
        }
        if damaged > 0 {
          warnings = [
            damaged == 1
              ? "a damaged reply was left out"
              : "\(Wording.count(damaged)) damaged replies were left out"
          ]
        }
        try session.refuseToWrite(warnings)
      }
      try session.files.write(file, replace: replaces)
    }
    return CommandOutput(
      notes: ["wrote \(Wording.count(count, "reply", "replies")) to '\(path)'"],
      warnings: warnings)
  }

  private static func line(_ kept: KeptReply) -> String {
    let fields = [
      ("provider", kept.provider), ("model", kept.model), ("kind", kept.reply.kind.rawValue),
      ("created", kept.created), ("asked", kept.reply.key.hexadecimal),
    ]
    let head = fields.map { "\(JSON.string($0)):\(JSON.string($1))" }
    let vector = kept.reply.vector.map { "\($0)" }.joined(separator: ",")
    return "{\(head.joined(separator: ",")),\"vector\":[\(vector)]}\n"
  }
}
