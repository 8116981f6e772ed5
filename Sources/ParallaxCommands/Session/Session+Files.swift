internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxSystem

extension Session {
  /// What writes the files a person names: never over the open workspace, nor over an original or a
  /// table that a collection is read from.
  var files: FileWriter {
    FileWriter { [workspace] target in
      try workspace.checkNotOwned(target)
      try Self.checkNoSource(target, workspace)
    }
  }

  private nonisolated static func checkNoSource(
    _ target: WriteTarget, _ workspace: Workspace
  ) throws {
    guard let existing = target.existing else { return }
    for (name, commands) in try workspace.settings() where name.hasPrefix("sources.") {
      for path in commands.split(separator: "\n").flatMap({ tables(of: String($0)) })
      where path == target.resolvedPath || FileStatus(at: path)?.identity == existing.identity {
        throw ParallaxError(
          .unwritableFile, "cannot write '\(target.path)': a collection is read from it",
          hint: "originals are never written; choose another name")
      }
    }
  }

  /// The files that a stored `ingest` command names.
  private nonisolated static func tables(of command: String) -> [String] {
    guard let options = try? CollectionSources.options(of: command) else { return [] }
    return [options.path, options.metadata].compactMap(\.self)
  }
}
