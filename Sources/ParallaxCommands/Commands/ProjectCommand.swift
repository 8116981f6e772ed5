package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct ProjectCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let dimensions = OptionKey.list(
    "dim", .integer(1...65_536), placeholder: "N", help: "dimensions to make", required: true)

  package static let signature = CommandSignature(
    verb: "project", group: "Spaces",
    summary: "make smaller spaces from a space, without embedding anything again",
    discussion: """
      Some models (Matryoshka) are trained to put the most information into the first numbers of a \
      vector: a prefix, scaled to unit length, is the vector of the smaller dimension. The new \
      spaces are called SPACE-DIMENSION. Queries against them are embedded at that dimension.

      A dimension that the model does not offer is refused. Of imported vectors nobody knows how \
      their model was trained: they are cut with a warning, and under --strict they are not. Of any other \
      model the cut may harm a lot; 'compare SPACE SPACE-DIMENSION' with questions says how much, and \
      'diff' without any.
      """,
    objects: [space],
    options: [dimensions],
    examples: ["project photos@base --dim 128,64"])

  private let space: SpaceReference
  private let dimensions: [Int]

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    dimensions = try arguments[Self.dimensions]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    guard let name = space.space else { return scope.forgetSpaces() }
    for dimension in dimensions {
      scope.addSpace(SpaceReference(collection: space.collection, space: "\(name)-\(dimension)"))
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    let events = EventCollector(session.console)
    let made = try await session.bench.project(
      space, to: dimensions, budget: session.budget, isStrict: session.settings[.strict],
      events.handler)
    return CommandOutput(
      notes: made.map { made in
        let vectors = Wording.count(made.added, "vector")
        return "made \(made.space.reference): \(vectors) of \(made.space.spec.dimension)"
          + (made.before > 0 ? ", \(Wording.count(made.before)) as before" : "")
      } + events.notes, warnings: events.warnings)
  }
}
