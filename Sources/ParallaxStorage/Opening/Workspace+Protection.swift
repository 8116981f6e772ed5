internal import ParallaxCore
package import ParallaxSystem

extension Workspace {
  /// Refuses to have a file of the workspace overwritten, or one that a collection is read from: an
  /// item, or a table.
  ///
  /// Names do not decide: a link to an item's file is that file.
  ///
  /// - Throws: `unwritable-file` naming what it is.
  package func checkNotOwned(_ target: WriteTarget) throws {
    let own = resolvedPath
    let beside = ["", "-wal", "-shm", "-lock", "-journal"].map { own + $0 }
    let isOwn =
      beside.contains(target.resolvedPath)
      || FileStatus(at: target.folder)?.identity == FileStatus(at: "\(path).indexes")?.identity
      || target.existing.map { $0.identity == FileStatus(at: own)?.identity } ?? false
    guard !isOwn else {
      throw ParallaxError(
        .unwritableFile, "cannot write '\(target.path)': it belongs to the open workspace",
        hint: "choose another name")
    }
    guard let existing = target.existing else { return }
    guard try !isTable(target, existing) else {
      throw ParallaxError(
        .unwritableFile, "cannot write '\(target.path)': a collection is read from it",
        hint: "originals are never written; choose another name")
    }
    guard let item = try original(target, existing) else { return }
    throw ParallaxError(
      .unwritableFile,
      "cannot write '\(target.path)': it is the original of '\(item.name)' in '\(item.collection)'",
      hint: "originals are never written; choose another name")
  }

  /// Whether the target is a table that some collection is read from.
  private func isTable(_ target: WriteTarget, _ existing: FileStatus) throws -> Bool {
    let paths = try read { connection in
      try connection.rows(
        """
        SELECT path FROM source WHERE kind <> 'line'
        UNION SELECT metadata FROM source WHERE metadata IS NOT NULL
        """
      ) { $0.text(0) }
    }
    return paths.contains {
      $0 == target.resolvedPath || FileStatus(at: $0)?.identity == existing.identity
    }
  }

  private struct Original {
    var name: String
    var collection: String
  }

  /// The item whose file the target is.
  private func original(_ target: WriteTarget, _ existing: FileStatus) throws -> Original? {
    // A file with one name is found by that name, or by its size where a link leads to it; one with
    // several may have any.
    let end = target.resolvedPath.split(separator: "/").last.map { "/\($0)" } ?? ""
    return try read { connection in
      let items = try connection.prepare(
        """
        SELECT item.name, collection.name, path FROM item
        JOIN collection ON collection.id = item.collection
        WHERE ?1 OR size = ?2 OR substr(path, -length(?3)) = ?3
          OR substr(path, 1, length(?4)) = ?4
        """)
      try items.bind([
        .integer(existing.linkCount > 1 ? 1 : 0), .integer(existing.size), .text(end),
        .text(target.resolvedPath + "/"),
      ])
      while try items.step() {
        let path = items.text(2)
        // An archive is the original of what lies in it.
        guard
          path == target.resolvedPath || path.hasPrefix(target.resolvedPath + "/")
            || FileStatus(at: path)?.identity == existing.identity
        else { continue }
        return Original(name: items.text(0), collection: items.text(1))
      }
      return nil
    }
  }
}
