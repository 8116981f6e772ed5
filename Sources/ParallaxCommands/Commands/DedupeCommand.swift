package import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct DedupeCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let minimumScore = OptionKey.single(
    "min-score", .number(-1...1), placeholder: "X",
    help: "two images are near-duplicates from this cosine on", default: 0.97)
  private static let keep = OptionKey.single(
    "keep", .choice, placeholder: "WHICH",
    help: "which image of a group stays: the largest, the oldest, or the first by path",
    default: KeepPolicy.largest)
  private static let linkage = OptionKey.single(
    "linkage", .choice, placeholder: "HOW", help: "how pairs become groups",
    default: Linkage.complete)

  package static let signature = CommandSignature(
    verb: "dedupe", group: "Duplicates",
    summary: "find near-duplicates, and say which would go",
    discussion: """
      One row for each image that has a duplicate, by groups: the one that would stay first. Nothing is \
      deleted or moved: export the rows whose action is 'would go' and do with them as you like.

      All images are compared, exactly. The pairs found are kept with the space: a higher --min-score \
      later is read from them, and images added since are compared alone. Files with the same bytes are \
      duplicates whatever their vectors (copy is true), also those without a vector.

      score is the cosine to the image that stays; least is the smallest cosine that links two of the group. A \
      threshold suits one model on one kind of images: look at groups near it before you trust it.

      \(Linkage.allCases.map { "--linkage \($0.rawValue): \($0.guarantee)." }.joined(separator: " ")) The \
      groups are the same whatever the order of the images.

      --keep largest: the most pixels, then the most bytes. --keep oldest: the earliest change of the file. \
      --keep path: the first path. Of equal ones the next of these decides, and at last the id.
      """,
    objects: [space], options: [minimumScore, keep, linkage],
    examples: [
      "dups = dedupe photos@base --min-score 0.97 --keep largest",
      "dedupe photos@base --keep oldest --linkage star",
    ], producesResult: true)

  private let space: SpaceReference
  private let request: GroupRequest
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    var request = GroupRequest(minimumScore: try arguments[Self.minimumScore])
    request.linkage = try arguments[Self.linkage]
    request.keep = try arguments[Self.keep]
    self.request = request
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: []))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    return try await GroupRun(space: space, request: request, command: canonical)
      .output(in: session, { $0.duplicates }) { found in
        let items = found.groups.reduce(0) { $0 + $1.members.count }
        return [
          Wording.count(found.groups.count, "group")
            + " of \(Wording.count(items, space.spec.content.noun))",
          "\(Wording.count(items - found.groups.count)) would go",
        ]
      }
  }
}
