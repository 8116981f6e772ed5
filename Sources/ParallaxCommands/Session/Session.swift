internal import CommandLanguage
private import ParallaxImaging
internal import ParallaxCore
package import ParallaxProviders
package import ParallaxStorage

/// What lasts from one command to the next.
@MainActor
package final class Session {
  package let workspace: Workspace
  package let console: Console
  let providers: ProviderEnvironment
  let isInteractive: Bool
  let isSafe: Bool
  /// Asks a person yes or no; `nil` where there is nobody to ask.
  package var confirm: ((String) -> Bool)?

  var settings = Settings() {
    didSet { limitImages(from: oldValue) }
  }
  var variables: [String: String] = [:]
  /// What `use` chose: a collection or `collection@space`.
  package internal(set) var current: String?
  package internal(set) var wantsToQuit = false
  /// Statements that succeeded, with the objects that were left out filled in, by the number of their
  /// input; those of scripts run by 'run' are left out, since that is among them.
  private(set) var entered: [Entered] = []
  /// Statements that succeeded, in scripts and at the prompt.
  private(set) var statementCount = 0
  /// The input that gave the last result.
  private(set) var lastResultInput = 0
  /// The number of the next line typed at the prompt.
  package internal(set) var inputNumber = 1
  let spaces = SpaceShelf()
  let ledger: Ledger
  /// What replies of two dimensions of one input said of each other.
  let prefixes = PrefixCheck()

  private var results = ResultShelf()
  private var embedders: [EmbedderKey: any Embedder] = [:]

  private struct EmbedderKey: Hashable {
    var provider: String
    var request: EmbedderRequest
  }

  package init(
    workspace: Workspace, console: Console, providers: ProviderEnvironment,
    isInteractive: Bool = false, isSafe: Bool = false
  ) {
    self.workspace = workspace
    ledger = Ledger(workspace)
    self.console = console
    self.providers = providers
    self.isInteractive = isInteractive
    self.isSafe = isSafe
  }

  /// To be removed with the session.
  var temporary: TemporaryWorkspace?
  /// How deep scripts run one another.
  var scriptDepth = 0

  /// Ends the decoder's workers and closes the workspace.
  package func close() {
    providers.decoder.shutdown()
    workspace.close()
    temporary?.remove()
  }

  /// Leaves what `use` chose when it was dropped.
  func forget(current name: String) {
    guard let current else { return }
    if current == name || SpaceReference(current).collection == name { self.current = nil }
  }

  func progress() -> ProgressHandler { ProgressReporter(console: console).handler }

  func remember(_ statement: Statement) {
    statementCount += 1
    if scriptDepth == 0 { entered.append(Entered(number: inputNumber, statement: statement)) }
  }

  // MARK: - Results

  var resultNames: [String] { results.names }

  func keep(_ result: NamedResult) {
    lastResultInput = inputNumber
    results.keep(
      result, input: isInteractive ? inputNumber : nil, limit: settings.integer("results.keep"))
  }

  func dropResult(named name: String) -> Bool { results.remove(name) }

  func result(named name: String) -> NamedResult? { results[name] }

  /// The name of the last result, or the number of the input that gave it.
  var lastResultName: String? {
    results["_"].map {
      $0.name == "_" && isInteractive ? "_\(lastResultInput)" : $0.name
    }
  }

  /// What a name that is no result's is the name of.
  func hint(forResult name: String) -> String? {
    if ListCommand.kinds.contains(name) { return "'list \(name)' shows them" }
    guard (try? workspace.collection(named: SpaceReference(name).collection)) != nil else {
      return nil
    }
    return "'\(name)' is not a result: 'describe \(name)' says what it is"
  }

  /// The result a command works on: the one named, the one piped in, or the last one.
  func result(
    _ arguments: Arguments, object: String = "RESULT", input: NamedResult?
  ) throws -> NamedResult {
    if let name = arguments.object(object) {
      if let result = results[name] { return result }
      guard !results.hasForgotten(name) else {
        throw arguments.error(
          atObject: object, .unknownName,
          "the result of input \(name.dropFirst()) is no longer kept: 'results.keep' is "
            + settings["results.keep"],
          hint: "'set results.keep' keeps more; a name such as 'red = query …' keeps one for good")
      }
      throw arguments.error(
        atObject: object, .unknownName, "no result is called '\(name)'",
        hint: Suggestion.hint(for: name, among: resultNames) ?? hint(forResult: name)
          ?? "name one with 'red = query …'; 'list results' shows those there are")
    }
    return try lastResult(arguments, input: input)
  }

  /// The one piped in, or the last one.
  func lastResult(_ arguments: Arguments, input: NamedResult?) throws -> NamedResult {
    if let input { return input }
    if let last = results.last { return last }
    throw arguments.error(
      .noResult, "there is no result yet", hint: "'\(arguments.verb)' works on what 'query' gave")
  }

  // MARK: - Collections and spaces

  /// The collection an argument names, or the one in use.
  func collection(_ arguments: Arguments, object: String) throws -> ItemCollection {
    let reference = try reference(arguments, object: object)
    return try located(arguments, object) {
      try workspace.collection(named: reference.collection)
    }
  }

  /// The space an argument names; of a collection with one space, that one.
  func space(_ arguments: Arguments, object: String) throws -> Space {
    let reference = try reference(arguments, object: object)
    return try located(arguments, object) { try space(reference) }
  }

  func space(_ reference: SpaceReference) throws -> Space {
    let collection = try workspace.collection(named: reference.collection)
    if let name = reference.space { return try workspace.space(named: name, in: collection) }
    let spaces = try workspace.spaces(in: collection)
    if spaces.count == 1 { return spaces[0] }
    if spaces.isEmpty {
      throw ParallaxError(
        .unknownName, "collection '\(collection.name)' is not embedded yet",
        hint: "'embed \(collection.name) --as base' makes a space")
    }
    if let base = spaces.first(where: { $0.name == "base" }) { return base }
    let names = spaces.map(\.reference).joined(separator: ", ")
    throw ParallaxError(
      .unknownName, "collection '\(collection.name)' has several spaces: \(names)",
      hint: "name one of them")
  }

  private func reference(_ arguments: Arguments, object: String) throws -> SpaceReference {
    if let text = arguments.object(object) { return SpaceReference(text) }
    if let current { return SpaceReference(current) }
    throw arguments.error(
      .missingObject, "'\(arguments.verb)' needs a collection",
      hint: "name one, or choose with 'use'",
      usage: true)
  }

  private func located<Result>(
    _ arguments: Arguments, _ object: String, _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofObject: object))
    }
  }

  // MARK: - Models

  /// Opens a model, once a session; the replies of a remote one are kept and charged.
  ///
  /// - Parameters:
  ///   - subject: what charges are written under, such as `photos@base`.
  ///   - isForEstimate: whether nothing will be embedded: then a remote one needs no key.
  func embedder(
    for request: EmbedderRequest, provider id: String? = nil, subject: String,
    isForEstimate: Bool = false
  ) async throws -> any Embedder {
    let provider =
      try id.map(ProviderRegistry.provider(withID:))
      ?? ProviderRegistry.provider(ofModel: request.model)
    let key = EmbedderKey(provider: provider.id, request: request)
    let made: any Embedder
    var missing: ParallaxError?
    if let known = embedders[key] {
      made = known
    } else {
      do {
        made = try await provider.makeEmbedder(request, in: providers)
        embedders[key] = made
      } catch let error as ParallaxError
        where isForEstimate && [.missingKey, .missingComponent].contains(error.code)
        && provider.isRemote
      {
        var offline = providers
        offline.isOffline = true
        made = try await provider.makeEmbedder(request, in: offline)
        missing = error
      }
    }
    guard let remote = made as? any MeteredEmbedder else { return made }
    return PaidEmbedder(
      inner: remote, ledger: ledger,
      price: providers.prices.price(of: request.model, provider: provider),
      terms: PaidTerms(
        isOffline: providers.isOffline || missing != nil, budget: settings.micros("budget"),
        itemsPerDay: try providers.limit("ITEMS_PER_DAY", of: provider.id).map { Int($0) }),
      subject: subject, prefixes: prefixes, missing: missing)
  }

  /// What remote replies said of one another, and of themselves, since it was last asked.
  func drainFindings() -> (notes: [String], warnings: [String]) {
    let (notes, warnings) = prefixes.drain()
    return (notes + ledger.drainNotes(), warnings + ledger.drainWarnings())
  }

  /// The embedder whose vectors may be compared with those of `space`.
  ///
  /// - Throws: `model-changed` when the model's files are no longer those that made the space.
  func embedder(for space: Space, isForEstimate: Bool = false) async throws -> any Embedder {
    let spec = space.spec
    let made = try await embedder(
      for: EmbedderRequest(
        model: spec.model, dimension: spec.dimension, task: spec.task, content: spec.content),
      provider: spec.provider, subject: space.reference, isForEstimate: isForEstimate)
    guard made.spec == spec else {
      let changes = zip(spec.fields, made.spec.fields).filter { $0.value != $1.value }
        .map { "\($0.name) was '\($0.value)', is '\($1.value)'" }
      throw ParallaxError(
        .modelChanged,
        "the model of '\(space.reference)' is another now: \(changes.joined(separator: "; "))",
        hint: "spaces never mix: embed the collection again under another name")
    }
    return made
  }
}
