package import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct DedupeCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let minimumScore = OptionKey.single(
    "min-score", .number(-1...1), placeholder: "X",
    help: "two images are near-duplicates from this cosine on; unless given, "
      + "\(GroupBasis.usualCopyScore) counts in a space of copies", default: 0.97)
  private static let keep = OptionKey.single(
    "keep", .keepRule, placeholder: "WHICH",
    help:
      "which image of a group stays: the largest, the oldest, the first by path, or a field or condition",
    default: KeepRule.policy(.largest))
  private static let linkage = OptionKey.single(
    "linkage", .choice, placeholder: "HOW", help: "how pairs become groups",
    default: Linkage.complete)
  private static let script = OptionKey.single(
    "script", .path, placeholder: "FILE",
    help: "write a shell script that moves what would go, for you to run")
  private static let replaces = OptionKey.flag("replace", help: "overwrite FILE")

  package static let signature = CommandSignature(
    verb: "dedupe", group: "Duplicates",
    summary: "find near-duplicates, and say which would go",
    discussion: """
      One row for each image that has a duplicate, by groups: the one that would stay first. Nothing is \
      deleted or moved: export the rows whose action is 'would go' and do with them as you like.

      All images are compared, exactly. The pairs found are kept with the space: a higher --min-score \
      later is read from them, and images added since are compared alone. Files with the same bytes are \
      duplicates whatever their vectors (copy is true), also those without a vector. So are images with a near-duplicate \
      that decode to the same pixels (same_pixels is true): these are decoded once, and what is found is kept.

      score is the cosine to the image that stays; least is the smallest cosine that links two of the group. A \
      threshold suits one model on one kind of images: look at groups near it before you trust it. \
      'explain dups group 3' tells what holds a group together.

      \(Linkage.allCases.map { "--linkage \($0.rawValue): \($0.guarantee)." }.joined(separator: " ")) The \
      groups are the same whatever the order of the images. Verdicts hold ('judge'): what is distinct is never \
      grouped, and duplicates are, whatever their cosine.

      --keep largest: the most pixels, then the most bytes. --keep oldest: the earliest change of the file. \
      --keep path: the first path. Of equal ones the next of these decides, and at last the id. --keep also \
      takes a field, of which the largest number, the latest date, the last text or 'true' stays, with 'asc' \
      after it the smallest ('--keep \"taken asc\"'), and a condition as --where takes it: those stay first for which \
      it is true. Images without a value come last.

      --script FILE writes a shell script that moves the files that would go into a folder \
      ('sh FILE FOLDER'), each only while it and the one that stays have the bytes that were compared. \
      Nothing is moved before you run it.

      \(GroupOptions.discussion)
      """,
    objects: [space],
    options: [minimumScore, keep, linkage, script, replaces] + GroupOptions.declarations,
    examples: [
      "dups = dedupe photos@base --min-score 0.97 --keep largest",
      "dedupe photos@base --keep \"rating\" --script goes.sh",
      "dedupe photos@base --keep \"licence = 'own'\" --linkage star",
      "dedupe photos@base --min-score 0.9 --also-hash --normalize",
      "dedupe photos --by hash --mirrored", "dedupe photos --by pixels",
    ], producesResult: true)

  private let space: SpaceReference
  private let request: GroupRequest
  private let options: GroupOptions
  private let script: GroupRun.Script?
  private let setsScore: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    options = try GroupOptions(arguments)
    var request = try options.request(arguments, from: Self.minimumScore)
    request.linkage = try arguments[Self.linkage]
    request.keep = try arguments[Self.keep]
    request.comparesPixels = true
    self.request = request
    let replaces = try arguments[Self.replaces]
    script = try arguments[Self.script].map {
      GroupRun.Script(
        path: PathText.expandingHome($0), replaces: replaces,
        parameter: Self.script.parameter())
    }
    setsScore = arguments.given(Self.minimumScore)
    canonical = arguments.canonical
    if script == nil, replaces {
      throw arguments.error(at: Self.replaces, .usage, "--replace goes with --script FILE")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(
      .init(
        collections: [space.collection], kind: .groups,
        columns: GroupListing.columns(of: request)))
    try options.foresee(in: &scope)
    if let collection = scope.settledCollection(space.collection) {
      try request.keep?.check(in: collection, of: scope.session.workspace)
    }
    if let script { scope.write(script.path) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let (collection, space) = try attributing(to: Self.space) {
      try options.subject(self.space, forCopies: true, in: session)
    }
    var request = try options.resolved(request, for: space, in: session)
    if !setsScore, let space, let usual = GroupBasis.usualScore(in: space.spec) {
      request.basis = .cosine(usual)
    }
    var output = try await GroupRun(
      collection: collection, space: space, request: request, command: canonical, script: script
    ).output(in: session) { found in
      let items = found.groups.reduce(0) { $0 + $1.members.count }
      return [
        Wording.count(found.groups.count, "group") + " of \(Wording.count(items, found.noun))",
        "\(Wording.count(items - found.groups.count)) would go" + Self.reasons(found),
      ]
    }
    if let space { output.notes += try session.bench.notes(on: space, for: self.space) }
    return output
  }

  /// How those that would go are like the one that stays:
  /// ` (2 same bytes, 1 same pixels, 3 near, 1 by verdict)`.
  private static func reasons(_ found: ItemGroups) -> String {
    let members = found.groups.flatMap(\.members)
    let kinds: [(ItemGroups.Member.Likeness, String)] = [
      (.bytes, "same bytes"), (.pixels, "same pixels"), (.near, "near"),
      (.verdict, "by verdict"),
    ]
    let parts = kinds.map { kind, words in (members.count { $0.likeness == kind }, words) }
      .filter { $0.0 > 0 }.map { "\(Wording.count($0.0)) \($0.1)" }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }
}
