internal import ParallaxCore
private import ParallaxSources
internal import ParallaxStorage
private import ParallaxSystem

extension Workspace {
  /// Adds a source in place of those that it reads as well; one that is read with a table already
  /// stays as it is.
  func remember(_ source: ItemSource, of collection: ItemCollection) throws {
    let stored = try sources(of: collection).map { ($0, (try? $0.resolved()) ?? $0) }
    if stored.contains(where: { $1.replaces(source) && $1.table != source.table }) { return }
    let replaced = stored.filter { source.replaces($1) }.map(\.0)
    guard replaced != [source] else { return }
    try addSource(source, to: collection, inPlaceOf: replaced)
  }

  /// Takes out the sources whose folder or table is gone and below which no item lies any more.
  ///
  /// - Returns: their paths.
  func forgetEmptiedSources(of collection: ItemCollection) throws -> [String] {
    let items = try items(in: collection)
    let gone = try sources(of: collection).filter { source in
      source.kind != .line && source.origin != .bucket && FileStatus.isMissing(source.path)
        && !items.contains { $0.path.isBelow(source.path) }
    }
    try removeSources(gone, of: collection)
    return gone.map(\.path).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The path of a source as it is stored.
  ///
  /// - Throws: `unknown-name` with the paths there are.
  func sourcePath(_ written: String, of collection: ItemCollection) throws -> String {
    let paths = try sources(of: collection).map(\.path)
    // It may be gone: then no system call tells its canonical path.
    let wanted =
      PicturePath.isRemote(written)
      ? ((try? BucketPlace(written).canonical) ?? written)
      : ((try? ItemSource.absolute(written)) ?? PathText.absolute(written))
    if let path = paths.first(where: { $0 == written || $0 == wanted }) { return path }
    throw ParallaxError(
      .unknownName, "'\(written)' is not a source of '\(collection.name)'",
      hint: Suggestion.hint(for: written, among: paths)
        ?? (paths.isEmpty ? nil : "sources: \(paths.joined(separator: ", "))"))
  }
}

extension String {
  /// Whether the path is below a folder.
  func isBelow(_ folder: String) -> Bool {
    hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
  }
}
