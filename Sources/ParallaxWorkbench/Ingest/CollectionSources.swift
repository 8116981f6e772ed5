internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
private import ParallaxSystem

/// Where a collection's items come from: the canonical `ingest` commands, which `sync` reads again.
enum CollectionSources {
  private static func key(_ collection: ItemCollection) -> String {
    "sources.\(collection.rowID)"
  }

  /// The commands, oldest first.
  static func of(_ collection: ItemCollection, in workspace: Workspace) throws -> [String] {
    try workspace.setting(named: key(collection))?.split(separator: "\n").map(String.init) ?? []
  }

  /// Adds a source in place of those that it reads as well; one that is read with a table already
  /// stays as it is.
  static func add(
    _ request: IngestRequest, to collection: ItemCollection, in workspace: Workspace
  ) throws {
    var commands = try of(collection, in: workspace)
    let requests = commands.map { try? self.request($0, collection: collection.name) }
    if requests.contains(where: {
      $0.map { $0.replaces(request) && $0.metadata != request.metadata } ?? false
    }) {
      return
    }
    let isReplaced = requests.map { $0.map { request.replaces($0) } ?? false }
    let position = isReplaced.firstIndex(of: true) ?? commands.count
    commands = zip(commands, isReplaced).filter { !$1 }.map(\.0)
    commands.insert(request.command, at: min(position, commands.count))
    try store(commands, collection, workspace)
  }

  /// What a stored command reads.
  ///
  /// - Throws: `unreadable-file` when it is not there.
  static func request(_ command: String, collection: String) throws -> IngestRequest {
    try IngestRequest(options(of: command), collection: collection, isNew: false)
  }

  /// The folder or table of a stored command, whether it is there or not.
  static func path(_ command: String) throws -> String {
    try options(of: command).path
  }

  /// Takes out the sources whose folder or table is gone and below which no item lies any more.
  ///
  /// - Returns: their paths.
  static func dropEmptied(
    of collection: ItemCollection, in workspace: Workspace
  ) throws -> [String] {
    let items = try workspace.items(in: collection)
    return try forget(of: collection, in: workspace) { path in
      FileStatus.isMissing(path) && !items.contains { $0.path.isBelow(path) }
    }
  }

  /// Takes out sources.
  ///
  /// - Returns: their paths.
  @discardableResult
  static func forget(
    of collection: ItemCollection, in workspace: Workspace, where isMeant: (String) -> Bool
  ) throws -> [String] {
    var forgotten: [String] = []
    let kept = try of(collection, in: workspace).filter { command in
      let path = try path(command)
      guard isMeant(path) else { return true }
      if !forgotten.contains(path) { forgotten.append(path) }
      return false
    }
    if !forgotten.isEmpty { try store(kept, collection, workspace) }
    return forgotten
  }

  static func remove(of collection: ItemCollection, in workspace: Workspace) throws {
    try workspace.setSetting(key(collection), to: nil)
  }

  private static func store(
    _ commands: [String], _ collection: ItemCollection, _ workspace: Workspace
  ) throws {
    try workspace.setSetting(
      key(collection), to: commands.isEmpty ? nil : commands.joined(separator: "\n"))
  }

  /// What a stored command asks for.
  static func options(of command: String) throws -> IngestOptions {
    let statements = try Parser(CommandRegistry.signatures, style: .script)
      .parse(command, source: "source")
    guard let parsed = statements.first?.pipeline.first else {
      throw InternalError("a stored source is empty")
    }
    return try IngestOptions(parsed.bound { _ in nil })
  }
}
