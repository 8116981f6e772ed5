package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct ImportVerdictsCommand: Command {
  private static let file = ObjectKey.required("FILE", .path)
  private static let collection = OptionKey.required(
    "collection", .collection, placeholder: "NAME", help: "the collection that its ids are of")
  private static let judge = OptionKey.single(
    "by", .text, placeholder: "NAME", help: "who says so", defaultNote: "your login name")
  private static let replaces = OptionKey.flag(
    "replace", help: "change verdicts that say otherwise")

  package static let signature = CommandSignature(
    verb: "import-verdicts", group: "Duplicates",
    summary: "read which pictures are duplicates from a file",
    discussion: """
      FILE is CSV or TSV with a header that names the columns left, right and same: two ids of the \
      collection, and duplicate or distinct (or yes and no, true and false, 1 and 0). Without the third column \
      all pairs are duplicates. Columns left_hash and right_hash, which 'list verdicts' writes, stand before the ids.

      Pairs with an unknown id are left out, which is said. A file that labels one pair in two ways is \
      refused, and a verdict that is kept and says otherwise stays, unless you say --replace.

      'list verdicts photos | export --to verdicts.csv' writes the file.
      """,
    objects: [file], options: [collection, judge, replaces],
    examples: ["import-verdicts pairs.csv --collection photos --by anna"])

  private let path: String
  private let collection: String
  private let judge: String?
  private let replaces: Bool

  package init(_ arguments: Arguments) throws {
    path = PathText.expandingHome(try arguments[Self.file])
    collection = try arguments[Self.collection]
    judge = try arguments[Self.judge]
    replaces = try arguments[Self.replaces]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try attributing(to: Self.file) { try scope.requireFile(path) }
    try attributing(to: Self.collection) {
      try scope.require(SpaceReference(collection: collection))
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let collection = try attributing(to: Self.collection) {
      try session.workspace.collection(named: self.collection)
    }
    let events = EventCollector(session.console)
    let outcome: VerdictImport
    do {
      outcome = try await session.bench.importVerdicts(
        from: path, to: collection, by: judge ?? session.loginName, replaces: replaces,
        events.handler)
    } catch let error as ParallaxError {
      throw error.about(Self.file.parameter())
    }
    var output = CommandOutput(
      notes: [
        "kept \(Wording.count(outcome.added, "verdict"))"
          + (outcome.known > 0 ? ", \(Wording.count(outcome.known)) as before" : "")
      ] + events.notes, warnings: events.warnings)
    if outcome.contradicted > 0 {
      let count = Wording.count(outcome.contradicted, "verdict")
      if replaces {
        output.notes.append("\(count) said otherwise before")
      } else {
        output.warnings.append(
          "\(count) \(outcome.contradicted == 1 ? "is" : "are") kept and \(outcome.contradicted == 1 ? "says" : "say") otherwise: "
            + "not changed without --replace")
      }
    }
    return output
  }
}
