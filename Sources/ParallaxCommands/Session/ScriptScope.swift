internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What a line of a script will find, as far as that is certain before the first line runs.
///
/// Whatever is not certain is not checked: a script is never refused wrongly.
@MainActor
package struct ScriptScope {
  let session: Session
  private(set) var variables: [String: String]
  /// Whether it is known what the lines before do.
  private var isCertain = true
  /// `nil` where it is not known what there will be.
  private var collections: Set<String>?
  private var spaces: Set<SpaceReference>?
  /// The names of promoted spaces by collection, the last one counting.
  private var promotions: [String: [String]]?
  /// Collections whose fields are not those of now.
  private var changed: Set<String> = []
  private var written: Set<String> = []
  /// The files that the statement that is looked at writes, as they are named.
  var writes: [String] = []
  private(set) var hasEnded = false
  /// Judgements that lines before make.
  private var judgements: Set<String> = []
  var results: ScriptResults

  /// Whether the script may be meant for another workspace, where a name is still free.
  private let isDryRun: Bool

  init(_ session: Session, isDryRun: Bool) throws {
    self.session = session
    self.isDryRun = isDryRun
    variables = session.variables
    let names = try session.workspace.names()
    collections = Set(names.collections)
    spaces = Set(names.spaces.map { SpaceReference($0) })
    promotions = Dictionary(
      uniqueKeysWithValues: try session.workspace.collections().map { collection in
        (collection.name, try session.workspace.promotions(in: collection).map(\.space.name))
      })
    results = ScriptResults(of: session)
  }

  // MARK: What lines change

  /// From here on nothing is certain but the variables, which a script within a script keeps.
  mutating func forget() {
    (isCertain, collections, spaces, promotions) = (false, nil, nil, nil)
    results = ScriptResults(of: nil)
  }

  mutating func forgetSpaces() { spaces = nil }

  mutating func end() { hasEnded = true }

  mutating func define(_ variable: String, as value: String) { variables[variable] = value }

  mutating func write(_ path: String) {
    written.insert(PathText.absolute(path))
    writes.append(path)
  }

  mutating func addSpace(_ reference: SpaceReference) { spaces?.insert(reference) }

  mutating func changeFields(of collection: String) { changed.insert(collection) }

  mutating func addCollection(_ name: String) throws {
    guard isDryRun || collections?.contains(name) != true else {
      throw ParallaxError.collectionExists(name)
    }
    collections?.insert(name)
    changed.insert(name)
  }

  mutating func removeCollection(_ name: String) {
    collections?.remove(name)
    spaces = spaces?.filter { $0.collection != name }
    promotions?[name] = nil
    changed.insert(name)
  }

  mutating func removeSpace(_ reference: SpaceReference) {
    spaces?.remove(reference)
    promotions?[reference.collection]?.removeAll { $0 == reference.space }
  }

  mutating func promote(_ reference: SpaceReference) {
    guard let space = reference.space else { return }
    let before = promotions?[reference.collection] ?? []
    if before.last != space { promotions?[reference.collection] = before + [space] }
  }

  /// - Throws: `not-promoted` when it is certain that the space will not be promoted, or none.
  mutating func demote(_ reference: SpaceReference) throws {
    guard let promotions else { return }
    let names = promotions[reference.collection] ?? []
    guard let last = names.last else {
      throw ParallaxError.nothingPromoted(in: reference.collection)
    }
    if let space = reference.space, space != last {
      throw ParallaxError.notPromoted(
        reference.text, SpaceReference(collection: reference.collection, space: last).text)
    }
    let rest = names.lastIndex { $0 != last }.map { names[...$0] } ?? []
    self.promotions?[reference.collection] = Array(rest)
  }

  // MARK: What lines need

  /// - Throws: `unknown-name` for a collection or space that will not be there.
  func require(_ reference: SpaceReference) throws {
    if let collections, !collections.contains(reference.collection) {
      _ = try session.workspace.collection(named: reference.collection)
      throw ParallaxError(
        .unknownName, "collection '\(reference.collection)' is dropped before this line")
    }
    guard let space = reference.space, let spaces, !spaces.contains(reference) else { return }
    let collection = try session.workspace.collection(named: reference.collection)
    _ = try session.workspace.space(named: space, in: collection)
    throw ParallaxError(
      .unknownName, "space '\(reference.collection)@\(space)' is dropped before this line")
  }

  /// - Throws: `unreadable-file` for a file that no line before makes.
  func requireFile(_ path: String) throws {
    let path = PathText.expandingHome(path)
    guard isSettled(path) else { return }
    do throws(SystemError) { _ = try FileStatus(of: path) } catch {
      throw ParallaxError.unreadable(path, error)
    }
  }

  /// Whether a file will be what it is now.
  func isSettled(_ path: String) -> Bool {
    isCertain && !written.contains(PathText.absolute(path))
  }

  /// - Throws: `unknown-model` for a model that no provider has.
  func requireModel(_ name: String) throws { _ = try ProviderRegistry.provider(ofModel: name) }

  /// The collection, when its fields will be those of now.
  func settledCollection(_ name: String) -> ItemCollection? {
    guard collections?.contains(name) == true, !changed.contains(name) else { return nil }
    return try? session.workspace.collection(named: name)
  }

  mutating func addJudgements(_ name: String) { judgements.insert(name) }

  /// - Throws: `unreadable-file` for what is neither kept judgements, nor a file.
  func requireJudgements(_ text: String) throws {
    let name = JudgementReference(text).set
    if judgements.contains(name) { return }
    if JudgementReference.isName(name), isCertain,
      (try? session.workspace.judgementSet(named: name)) ?? nil != nil
    {
      return
    }
    try requireFile(text)
  }

  /// - Throws: `unknown-name` for judgements that will not be there.
  func requireSet(_ name: String) throws {
    if judgements.contains(name) || !isCertain { return }
    _ = try session.bench.keptJudgements(named: name)
  }
}
