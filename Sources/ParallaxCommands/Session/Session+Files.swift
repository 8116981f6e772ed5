internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxSystem

extension Session {
  /// What writes the files a person names: never over the open workspace, nor over an original or a
  /// table that a collection is read from.
  var files: FileWriter {
    FileWriter { [workspace] in try workspace.checkNotOwned($0) }
  }
}
