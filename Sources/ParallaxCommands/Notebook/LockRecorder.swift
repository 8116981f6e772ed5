internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxDigest
internal import ParallaxEvaluation
internal import ParallaxStorage
internal import ParallaxSystem
internal import ParallaxWorkbench

/// Notes what a notebook uses while it runs.
@MainActor
struct LockRecorder {
  private let session: Session
  /// Of which collections and spaces; `nil` for all there are.
  private let names: Set<String>?
  private(set) var lock = NotebookLock()

  /// - Parameter usesAll: whether everything in the workspace is the notebook's own.
  init(_ pieces: [CheckedPiece], of script: Script, in session: Session, usesAll: Bool) {
    self.session = session
    let arguments = pieces.flatMap(\.statements).flatMap(\.commands).map(\.arguments)
    var used = Set(script.needs)
    for value in arguments.flatMap(\.values) {
      switch value.type {
      case .collection, .space, .system, .object: used.insert(SpaceReference(value.text))
      case .metric:
        guard let metric = try? NamedMetric(value.text) else { continue }
        lock[.metrics][metric.name] = ["formula": type(of: metric.metric).spec.formula]
      default: continue
      }
    }
    names =
      usesAll
      ? nil
      : Set(
        used.flatMap { reference in
          let promoted =
            reference.space == nil
            ? (try? session.workspace.collection(named: reference.collection))
              .flatMap { try? session.workspace.promotions(in: $0).last?.space.reference } : nil
          return [reference.collection, reference.text] + (promoted.map { [$0] } ?? [])
        })
    lock[.program]["parallax"] = [
      "language": String(Parser.languageVersion), "version": Version.current,
    ]
  }

  /// Whether a piece takes away something that is to be noted first.
  static func takesAway(_ piece: CheckedPiece) -> Bool {
    piece.statements.flatMap(\.commands).contains {
      $0.arguments.verb == DropCommand.signature.verb
    }
  }

  /// Notes what there is now.
  mutating func note() async throws {
    let (workspace, names) = (session.workspace, names)
    let (collections, spaces) = try await offMainActor {
      var collections: NotebookLock.Entries = [:]
      var spaces: NotebookLock.Entries = [:]
      for collection in try workspace.collections() where names?.contains(collection.name) ?? true {
        collections[collection.name] = try Self.fields(of: collection, in: workspace)
        for space in try workspace.spaces(in: collection)
        where names?.contains(space.reference) ?? true {
          spaces[space.reference] = Dictionary(
            space.spec.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        }
      }
      return (collections, spaces)
    }
    lock[.collections].merge(collections) { $1 }
    lock[.spaces].merge(spaces) { $1 }
    lock[.seeds]["seed"] = ["value": session.settings.text(of: SettingKey.seed.setting).value]
  }

  nonisolated private static func fields(
    of collection: ItemCollection, in workspace: Workspace
  ) throws -> [String: String] {
    let items = try workspace.items(in: collection)
    let content = items.map { "\($0.id)\0\($0.hash.hexadecimal)\n" }.joined()
    let fields = try workspace.fields(in: collection).map(\.name).sorted()
    let columns = try workspace.metadata(for: fields, in: collection)
    let metadata = zip(fields, columns).map { name, values in
      "\(name)\0" + values.map { "\($0.plainText)\0" }.joined() + "\n"
    }.joined()
    return [
      "items": String(items.count), "content": Digest.sha256(content).hexadecimal,
      "metadata": Digest.sha256(metadata).hexadecimal,
    ]
  }
}
