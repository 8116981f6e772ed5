internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage

/// Where a collection's items come from: the canonical `ingest` commands, which `sync` reads again.
enum CollectionSources {
  private static func key(_ collection: ItemCollection) -> String {
    "sources.\(collection.rowID)"
  }

  /// The commands, oldest first.
  static func of(_ collection: ItemCollection, in workspace: Workspace) throws -> [String] {
    try workspace.setting(named: key(collection))?.split(separator: "\n").map(String.init) ?? []
  }

  static func add(
    _ command: String, to collection: ItemCollection, in workspace: Workspace
  ) throws {
    var commands = try of(collection, in: workspace)
    guard !commands.contains(command) else { return }
    commands.append(command)
    try workspace.setSetting(key(collection), to: commands.joined(separator: "\n"))
  }

  static func remove(of collection: ItemCollection, in workspace: Workspace) throws {
    try workspace.setSetting(key(collection), to: nil)
  }
}
