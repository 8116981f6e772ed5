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
  /// `nil` where it is not known what there will be.
  private(set) var variables: [String: String]?
  private var collections: Set<String>?
  private var spaces: Set<String>?
  /// Collections whose fields are not those of now.
  private var changed: Set<String> = []
  private var written: Set<String> = []
  private(set) var hasEnded = false

  /// Whether the script may be meant for another workspace, where a name is still free.
  private let isDryRun: Bool

  init(_ session: Session, isDryRun: Bool) throws {
    self.session = session
    self.isDryRun = isDryRun
    variables = session.variables
    let names = try session.workspace.names()
    (collections, spaces) = (Set(names.collections), Set(names.spaces))
  }

  // MARK: What lines change

  /// From here on nothing is certain.
  mutating func forget() { (variables, collections, spaces) = (nil, nil, nil) }

  mutating func forgetSpaces() { spaces = nil }

  mutating func end() { hasEnded = true }

  mutating func define(_ variable: String, as value: String) { variables?[variable] = value }

  mutating func write(_ path: String?) {
    if let path { written.insert(PathText.expandingHome(path)) }
  }

  mutating func addSpace(_ space: String, of collection: String) {
    spaces?.insert("\(collection)@\(space)")
  }

  mutating func changeFields(of collection: String) { changed.insert(collection) }

  mutating func addCollection(_ name: String, at location: ParallaxError.Location) throws {
    guard isDryRun || collections?.contains(name) != true else {
      throw ParallaxError.collectionExists(name).located(at: location)
    }
    collections?.insert(name)
    changed.insert(name)
  }

  mutating func removeCollection(_ name: String) {
    collections?.remove(name)
    if let all = spaces { spaces = all.filter { SpaceReference($0).collection != name } }
    changed.insert(name)
  }

  mutating func removeSpace(_ reference: String) { spaces?.remove(reference) }

  // MARK: What lines need

  /// - Throws: `unknown-name` for a collection or space that will not be there.
  func require(_ reference: SpaceReference, at location: ParallaxError.Location) throws {
    do {
      if let collections, !collections.contains(reference.collection) {
        _ = try session.workspace.collection(named: reference.collection)
        throw ParallaxError(
          .unknownName, "collection '\(reference.collection)' is dropped before this line")
      }
      guard let space = reference.space, let spaces,
        !spaces.contains("\(reference.collection)@\(space)")
      else { return }
      let collection = try session.workspace.collection(named: reference.collection)
      _ = try session.workspace.space(named: space, in: collection)
      throw ParallaxError(
        .unknownName, "space '\(reference.collection)@\(space)' is dropped before this line")
    } catch let error as ParallaxError {
      throw error.located(at: location)
    }
  }

  /// - Throws: `unreadable-file` for a file that no line before makes.
  func requireFile(_ path: String, at location: ParallaxError.Location) throws {
    let path = PathText.expandingHome(path)
    guard variables != nil, !written.contains(path) else { return }
    do throws(SystemError) { _ = try FileStatus(of: path) } catch {
      throw ParallaxError.unreadable(path, error).located(at: location)
    }
  }

  /// - Throws: `unknown-model` for a model that no provider has.
  func requireModel(_ name: String, at location: ParallaxError.Location) throws {
    do { _ = try ProviderRegistry.provider(ofModel: name) } catch let error as ParallaxError {
      throw error.located(at: location)
    }
  }

  /// The collection, when its fields will be those of now.
  func settledCollection(_ name: String) -> ItemCollection? {
    guard collections?.contains(name) == true, !changed.contains(name) else { return nil }
    return try? session.workspace.collection(named: name)
  }
}
