package import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct ClusterCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let minimumScore = OptionKey.single(
    "min-score", .number(-1...1), placeholder: "X",
    help: "two images are similar from this cosine on", default: 0.8)
  private static let minimumSize = OptionKey.single(
    "min-size", .integer(2...1_000_000), placeholder: "N", help: "leave out smaller groups",
    default: 2)
  private static let method = OptionKey.single(
    "method", .choice, placeholder: "HOW", help: "how pairs become groups",
    default: Linkage.complete)

  package static let signature = CommandSignature(
    verb: "cluster", group: "Duplicates", summary: "group the similar images of a collection",
    discussion: """
      One row for each image in a group, larger groups first. representative is the image that is the most similar to the \
      others on average, and score the cosine to it; least is the smallest cosine that links two of the group, \
      diameter the smallest of any two, and bridges counts the pairs without which the group would fall \
      apart: a group that hangs on bridges is often two.

      \(Linkage.allCases.map { "--method \($0.rawValue): \($0.guarantee)." }.joined(separator: " ")) The \
      groups are the same whatever the order of the images, and pairs are kept as 'dedupe' keeps them. Verdicts hold, too.

      \(GroupOptions.discussion)
      """,
    objects: [space], options: [minimumScore, minimumSize, method] + GroupOptions.declarations,
    examples: [
      "groups = cluster photos@base --min-score 0.8 --min-size 5",
      "cluster photos@base --method leader",
    ], producesResult: true)

  private let space: SpaceReference
  private let request: GroupRequest
  private let options: GroupOptions
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    options = try GroupOptions(arguments)
    var request = try options.request(arguments, from: Self.minimumScore)
    request.minimumSize = try arguments[Self.minimumSize]
    request.linkage = try arguments[Self.method]
    self.request = request
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(
      .init(
        collections: [space.collection], kind: .groups,
        columns: GroupListing.columns(of: request)))
    try options.foresee(in: &scope)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let (collection, space) = try attributing(to: Self.space) {
      try options.subject(self.space, in: session)
    }
    let request = try options.resolved(request, for: space, in: session)
    return try await GroupRun(
      collection: collection, space: space, request: request, command: canonical
    ).output(in: session) { found in
      let items = found.groups.reduce(0) { $0 + $1.members.count }
      let all = Wording.count(found.itemCount, found.noun)
      return [
        Wording.count(found.groups.count, "group") + " of \(Wording.count(items)) of \(all)"
      ]
    }
  }
}
