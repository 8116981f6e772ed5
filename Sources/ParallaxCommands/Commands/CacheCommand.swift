package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
private import ParallaxText
internal import ParallaxWorkbench

package enum CacheCommand: Command {
  package static let signature = CommandSignature(
    verb: "cache", group: "Spaces",
    summary: "show, prune or export the kept replies of remote providers",
    discussion: """
      Every vector a remote provider gave is kept in the workspace, also when its space is dropped: \
      the same question is never paid for twice. --offline (when the program starts) answers from \
      it alone.

      export writes a line of JSON a reply: provider, model, kind, when, the digest of what was \
      asked, and the vector.
      """,
    objects: [ObjectSpec("ACTION", .choice(["info", "prune", "export"]), .optional)],
    options: [
      .single(
        "model", .model, placeholder: "MODEL", help: "prune or export one model's replies only"),
      .single("to", .path, placeholder: "FILE", help: "file that export writes", short: "o"),
      .flag("replace", help: "overwrite FILE"),
      .yes,
    ],
    examples: [
      "cache info", "cache prune --model gemini-embedding-001 --yes",
      "cache export --to replies.jsonl",
    ],
    producesResult: true)

  package static func validate(_ arguments: Arguments) throws {
    let action = arguments.object("ACTION") ?? "info"
    let takers = [
      "model": ["prune", "export"], "to": ["export"], "replace": ["export"], "yes": ["prune"],
    ]
    for (option, actions) in takers.sorted(by: { $0.key < $1.key })
    where arguments.given(option) && !actions.contains(action) {
      throw arguments.error(
        atOption: option, .usage, "'cache \(action)' takes no --\(option)",
        hint: "it goes with 'cache \(actions.joined(separator: "' and 'cache "))'")
    }
    guard action == "export", !arguments.given("to") else { return }
    throw arguments.error(
      .missingOption, "'cache export' needs a file", hint: "name it with --to FILE", usage: true)
  }

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    scope.write(arguments.string("to"))
    if arguments.object("ACTION") == "prune" {
      try scope.session.checkConfirmation(
        arguments, hint: "it would forget replies that were paid for")
    }
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    if arguments.object("ACTION") == "prune" {
      let model = arguments.string("model")
      try session.confirm(
        "forget the replies of \(model.map { "'\($0)'" } ?? "every model"), which were paid for",
        arguments)
      let count = try session.workspace.pruneReplies(ofModel: model)
      return .note("forgot \(Wording.count(count, "reply", "replies"))")
    }
    if arguments.object("ACTION") == "export" { return try export(arguments, session) }
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
      .table(table), provenance: Provenance(command: arguments.canonical),
      footer: summaries.isEmpty ? ["no replies are kept yet"] : [])
  }

  private static func export(
    _ arguments: Arguments, _ session: Session
  ) throws -> CommandOutput {
    let path = PathText.expandingHome(arguments.string("to") ?? "")
    var (count, damaged) = (0, 0)
    do {
      let file = FileWriter.File(path) { write in
        damaged = try session.workspace.forEachReply(ofModel: arguments.string("model")) { kept in
          try write(Array(line(kept).utf8))
          count += 1
        }
      }
      try session.files.write(file, replace: arguments.flag("replace"))
    } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofOption: "to"))
    }
    let leftOut =
      damaged == 1
      ? "a damaged reply was left out" : "\(Wording.count(damaged)) damaged replies were left out"
    return CommandOutput(
      notes: ["wrote \(Wording.count(count, "reply", "replies")) to '\(path)'"],
      warnings: damaged == 0 ? [] : [leftOut])
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
