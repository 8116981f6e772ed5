package import CommandLanguage
internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct DropCommand: Command {
  private enum Kind: String, CaseIterable, Sendable {
    case collection, space, source, verdict, judgements, publication, result
  }

  private static let kind = ObjectKey<Kind>.required("KIND", .choice)
  private static let name = ObjectKey.required("NAME", .named)
  private static let path = ObjectKey.optional("PATH|ID|URL", .path)
  private static let other = ObjectKey<String?>.optional("ID|TABLE", .text)

  private static let takesOver = OptionKey.flag(
    "take-over", help: "of a publication: also one that another workspace made")

  package static let signature = CommandSignature(
    verb: "drop", group: "Objects",
    summary:
      "remove a collection, a space, a source, a verdict, judgements, a publication or a result",
    discussion: """
      Removes the object from the workspace; image files are never touched. On a terminal the \
      command asks first; elsewhere it needs --yes.

      'drop source COLLECTION PATH' forgets a folder or table that 'ingest' read, with the images \
      that no other source holds; 'describe COLLECTION' shows the sources.

      'drop verdict COLLECTION ID ID' takes back what was said of two images; 'list verdicts COLLECTION' shows it.

      'drop judgements SET' removes what 'judge --to SET' kept, 'drop judgements SET:JUDGE' what one judge said in it: \
      grades, and what that judge settled.

      'drop publication COLLECTION@SPACE URL' removes the table that 'publish' made in an engine; TABLE behind it names \
      another than the usual one. 'list publications' shows them. What another workspace published stays, unless \
      --take-over says otherwise: such as where that workspace is lost.
      """,
    objects: [kind, name, path, other],
    options: [takesOver, OptionKey.yes],
    examples: [
      "drop space photos@base --yes", "drop collection photos --yes",
      "drop source photos ./images --yes", "drop verdict photos a17 a18 --yes",
      "drop publication photos@base postgres://127.0.0.1/photos --yes",
    ])

  private enum Target {
    case collection(String)
    case space(SpaceReference)
    case source(collection: String, path: String)
    case verdict(collection: String, one: ItemID, other: ItemID)
    case judgements(JudgementReference)
    case publication(SpaceReference, at: EngineAddress, table: String?, takesOver: Bool)
    case result(String)
  }

  private let target: Target
  private let yes: Bool

  package init(_ arguments: Arguments) throws {
    yes = try arguments[OptionKey.yes]
    let name = try arguments[Self.name]
    let path = try arguments[Self.path]
    let kind = try arguments[Self.kind]
    let other = try arguments[Self.other]
    guard path == nil || kind == .source || kind == .verdict || kind == .publication else {
      throw arguments.error(
        at: Self.path, .unexpectedObject, "'drop \(kind.rawValue)' takes one name",
        hint: "'drop source' takes a path, too")
    }
    guard other == nil || kind == .verdict || kind == .publication else {
      throw arguments.error(
        at: Self.other, .unexpectedObject, "'drop source' takes a collection and one path")
    }
    guard kind == .publication || !arguments.given(Self.takesOver) else {
      throw arguments.error(
        at: Self.takesOver, .usage, "'drop \(kind.rawValue)' takes no --take-over",
        hint: "it is for publications, which another workspace may have made")
    }
    switch kind {
    case .collection: target = .collection(name)
    case .result: target = .result(name)
    case .judgements: target = .judgements(JudgementReference(name))
    case .source:
      guard let path else {
        throw arguments.error(
          .missingObject, "'drop source' takes a collection and the PATH of its source",
          hint: "'describe \(name)' shows the sources", usage: true)
      }
      target = .source(collection: name, path: path)
    case .verdict:
      guard let path, let other else {
        throw arguments.error(
          .missingObject, "'drop verdict' takes a collection and the ids of two images",
          hint: "'list verdicts \(name)' shows them", usage: true)
      }
      target = .verdict(collection: name, one: ItemID(path), other: ItemID(other))
    case .space:
      let reference = SpaceReference(name)
      guard reference.space != nil else {
        throw arguments.error(
          at: Self.name, .invalidValue, "'drop space' takes COLLECTION@SPACE; got '\(name)'",
          hint: "'list spaces' shows them")
      }
      target = .space(reference)
    case .publication: target = try Self.publication(name, path, other, arguments)
    }
  }

  private static func publication(
    _ name: String, _ url: String?, _ table: String?, _ arguments: Arguments
  ) throws -> Target {
    let reference = SpaceReference(name)
    guard reference.space != nil, let url else {
      throw arguments.error(
        .missingObject, "'drop publication' takes COLLECTION@SPACE and the URL of an engine",
        hint: "'list publications' shows them", usage: true)
    }
    let address = try attributing(to: path) { try EngineAddress(url) }
    if let table { try attributing(to: other) { try EngineSchema.check(name: table) } }
    return .publication(
      reference, at: address, table: table, takesOver: try arguments[Self.takesOver])
  }

  package func foresee(in scope: inout ScriptScope) throws {
    switch target {
    case .collection(let name):
      try attributing(to: Self.name) {
        try scope.require(SpaceReference(collection: name))
      }
      try scope.session.checkConfirmation(
        of: Self.self, yes: yes, hint: "it would drop collection '\(name)'")
      scope.removeCollection(name)
    case .space(let reference):
      try attributing(to: Self.name) { try scope.require(reference) }
      try scope.session.checkConfirmation(
        of: Self.self, yes: yes, hint: "it would drop a space's vectors")
      scope.removeSpace(reference)
    case .source(let name, let path):
      try attributing(to: Self.name) {
        try scope.require(SpaceReference(collection: name))
      }
      try scope.session.checkConfirmation(
        of: Self.self, yes: yes, hint: "it would drop the source '\(path)' with its images")
    case .verdict(let name, _, _):
      try attributing(to: Self.name) {
        try scope.require(SpaceReference(collection: name))
      }
      try scope.session.checkConfirmation(
        of: Self.self, yes: yes, hint: "it would take back a verdict")
    case .judgements(let reference):
      try attributing(to: Self.name) { try scope.requireSet(reference.set) }
      try scope.session.checkConfirmation(
        of: Self.self, yes: yes, hint: "it would drop what people judged")
    case .publication(_, let address, _, _):
      // The collection may be gone here.
      try scope.session.checkConfirmation(
        of: Self.self, yes: yes, hint: "it would remove a table at '\(address.text)'")
    case .result: return
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    if case .source(let name, let path) = target {
      return try await dropSource(path, of: name, session)
    }
    if case .verdict(let name, let one, let other) = target {
      return try dropVerdict(of: one, other, in: name, session)
    }
    if case .publication(let reference, let address, let table, let takesOver) = target {
      let whose = takesOver ? ", whoever published it" : ""
      try session.confirm(
        "remove what is published of '\(reference.text)' at '\(address.text)'\(whose)",
        of: Self.self,
        yes: yes)
      return try await dropPublication(
        of: reference, at: address, table, takesOver: takesOver, session)
    }
    return try attributing(to: Self.name) {
      switch target {
      case .collection(let name): return try dropCollection(name, session)
      case .space(let reference): return try dropSpace(reference, session)
      case .result(let name):
        guard session.dropResult(named: name) else {
          throw ParallaxError(
            .unknownName, "no result is called '\(name)'",
            hint: Suggestion.hint(for: name, among: session.resultNames))
        }
        return .note("dropped result '\(name)'")
      case .judgements(let reference): return try dropJudgements(reference, session)
      case .source, .verdict, .publication: return CommandOutput()
      }
    }
  }

  @MainActor private func dropCollection(
    _ name: String, _ session: Session
  ) throws -> CommandOutput {
    let collection = try session.workspace.collection(named: name)
    let summary = try session.workspace.summary(of: collection)
    let watches = try session.workspace.watchCount(in: collection)
    let calibrations = try session.workspace.calibrations(of: collection).count
    let others = [
      watches > 0 ? Wording.count(watches, "watch", "watches") : nil,
      calibrations > 0 ? Wording.count(calibrations, "calibration") : nil,
    ].compactMap(\.self)
    let own = [
      Wording.count(summary.itemCount, "item"), Wording.count(summary.spaces.count, "space"),
    ]
    let loss =
      (others.isEmpty ? own.joined(separator: " and ") : (own + others).joined(separator: ", "))
    try session.confirm("drop collection '\(name)' with \(loss)", of: Self.self, yes: yes)
    try session.workspace.dropCollection(named: name)
    for space in summary.spaces { IndexFiles.remove(space, in: session.workspace) }
    session.bench.spaces.unload(collection)
    session.forget(current: name)
    return .note(
      "dropped collection '\(name)'"
        + (others.isEmpty ? "" : " with \(others.joined(separator: " and "))"))
  }

  @MainActor private func dropSource(
    _ path: String, of name: String, _ session: Session
  ) async throws -> CommandOutput {
    let collection = try attributing(to: Self.name) {
      try session.workspace.collection(named: name)
    }
    let source = try session.bench.sourcePath(path, of: collection)
    try session.confirm(
      "drop source '\(source)' of '\(name)' with its images", of: Self.self, yes: yes)
    let images = try await session.bench.dropSource(source, of: collection)
    return .note(
      "dropped source '\(source)' of '\(name)' with \(Wording.count(images, "image"))")
  }

  @MainActor private func dropVerdict(
    of one: ItemID, _ other: ItemID, in name: String, _ session: Session
  ) throws -> CommandOutput {
    let workspace = session.workspace
    let collection = try attributing(to: Self.name) { try workspace.collection(named: name) }
    func content(_ id: ItemID, _ parameter: ParallaxError.Parameter) throws -> ContentHash {
      guard let item = try workspace.item(id, in: collection) else {
        throw ParallaxError(
          .unknownName, "'\(name)' has no item '\(id)'",
          hint: "'list verdicts \(name)' shows the ids", parameter: parameter)
      }
      return item.hash
    }
    let contents = (
      try content(one, Self.path.parameter()), try content(other, Self.other.parameter())
    )
    guard let pair = ContentPair(contents.0, contents.1),
      let verdict = try workspace.verdict(of: pair)
    else {
      throw ParallaxError(
        .unknownName, "there is no verdict on '\(one)' and '\(other)'",
        hint: "'list verdicts \(name)' shows those there are", parameter: Self.other.parameter())
    }
    let said = verdict.answer == .duplicate ? "duplicates" : "distinct"
    try session.confirm(
      "take back that '\(one)' and '\(other)' are \(said)", of: Self.self, yes: yes)
    _ = try workspace.dropVerdicts(of: [pair])
    return .note(
      "'\(one)' and '\(other)' are \(said) no longer: no verdict is kept")
  }

  @MainActor private func dropJudgements(
    _ reference: JudgementReference, _ session: Session
  ) throws -> CommandOutput {
    let kept = try session.bench.keptJudgements(named: reference.set)
    let counts = try session.workspace.gradeCounts(in: kept.set, of: reference.judge)
    // Says that there is nobody of that name.
    if counts.isEmpty, let judge = reference.judge { _ = try kept.counted(by: judge) }
    let what =
      (reference.judge.map { "what '\($0)' said in '\(reference.set)'" }
        ?? "the judgements '\(reference.set)'") + ": \(Self.words(counts))"
    try session.confirm("drop \(what)", of: Self.self, yes: yes)
    _ = try session.workspace.dropJudgements(in: kept.set, of: reference.judge)
    return .note("dropped \(what)")
  }

  private static func words(_ counts: [Grade.Kind: Int]) -> String {
    let parts = Grade.Kind.allCases.compactMap { kind -> String? in
      guard let count = counts[kind] else { return nil }
      switch kind {
      case .person: return Wording.count(count, "grade")
      case .model: return Wording.count(count, "grade of a model", "grades of a model")
      case .settled: return Wording.count(count, "settled answer")
      }
    }
    return parts.isEmpty ? "no grade" : parts.joined(separator: ", ")
  }

  @MainActor private func dropSpace(
    _ reference: SpaceReference, _ session: Session
  ) throws -> CommandOutput {
    let space = try session.bench.space(reference)
    try session.confirm(
      "drop space '\(space.reference)' with its vectors", of: Self.self, yes: yes)
    let isPromoted =
      try session.workspace.promotions(in: space.collection).last?.space == space
    try session.workspace.dropSpace(named: space.name, in: space.collection)
    IndexFiles.remove(space, in: session.workspace)
    session.bench.spaces.unload(space)
    session.forget(current: space.reference)
    var output = CommandOutput.note("dropped space '\(space.reference)'")
    let watches = try session.workspace.watchCount(in: space.collection, of: space.name)
    if watches > 0 {
      output.notes.append(
        "\(Wording.count(watches, "watch of it is", "watches of it are")) paused: 'watch list' shows "
          + (watches == 1 ? "it" : "them"))
    }
    if isPromoted {
      output.notes.append(
        space.collection.standing(
          for: try session.bench.usualSpace(of: space.collection), notFor: space))
    }
    return output
  }
}
