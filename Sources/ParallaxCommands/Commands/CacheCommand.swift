package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage

package enum CacheCommand: Command {
  package static let signature = CommandSignature(
    verb: "cache", group: "Spaces", summary: "show or prune the kept replies of remote providers",
    discussion: """
      Every vector a remote provider gave is kept in the workspace, also when its space is dropped: \
      the same question is never paid for twice. --offline (when the program starts) answers from \
      it alone.
      """,
    objects: [ObjectSpec("ACTION", .choice(["info", "prune"]), .optional)],
    options: [
      .single("model", .text, placeholder: "MODEL", help: "prune the replies of one model only"),
      .flag("yes", help: "do not ask"),
    ],
    examples: ["cache info", "cache prune --model gemini-embedding-001 --yes"],
    producesResult: true)

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    if arguments.object("ACTION") == "prune" {
      let model = arguments.string("model")
      try session.confirm(
        "forget the replies of \(model.map { "'\($0)'" } ?? "every model"), which were paid for",
        arguments)
      let count = try session.workspace.pruneReplies(ofModel: model)
      return .note("forgot \(Wording.count(count)) replies")
    }
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
}
