internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxReporting
internal import ParallaxStorage

/// A source that cannot be read now: its images stay as they are.
struct UnreadableSource: Sendable {
  var source: ItemSource
  var error: ParallaxError

  private static let tableEndings: Set = [
    "csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "gz",
  ]

  /// Where the images of a source are; those of a table lie beside it or below.
  static func folder(of path: String) -> String {
    guard let name = path.split(separator: "/").last,
      let ending = name.split(separator: ".").last, ending.count < name.count,
      tableEndings.contains(ending.lowercased())
    else { return path }
    return String(path.dropLast(name.count + 1))
  }

  /// - Parameter images: how many the collection has of it.
  func failure(of collection: String, images: Int) -> ParallaxError {
    guard source.kind != .line else {
      return ParallaxError(
        error.code, error.message,
        hint: "'ingest \(collection) PLACE' reads its images again; "
          + "'drop source \(collection) LINE' drops the line")
    }
    let remedy =
      PicturePath.isRemote(source.path)
      ? error.hint ?? "run the command again"
      : "mount or restore it, 'ingest \(collection) PLACE' where it was moved"
    return ParallaxError(
      error.code,
      "\(error.message); its \(Wording.count(images)) \(images == 1 ? "image stays" : "images stay")",
      hint: "\(remedy), or "
        + "'sync \(collection) --forget \(source.path)' to drop it with its images")
  }
}

/// A source most of whose images are gone at once.
struct MostlyGone: Sendable {
  var path: String
  var gone: Int
  var total: Int

  func failure(of collection: String) -> ParallaxError {
    let images =
      gone == total
      ? "none of the \(Wording.count(total)) images of '\(path)' is there any more"
      : "\(Wording.count(gone)) of the \(Wording.count(total)) images of '\(path)' are gone"
    return ParallaxError(
      .sourceEmptied, "\(images); none was removed",
      hint: "mount the drive if it is one; 'sync \(collection) --yes' removes them")
  }
}

/// A source without an image.
enum EmptySource {
  static func warning(_ source: ItemSource) -> String {
    guard source.kind == .folder else {
      return "'\(source.path)' lists no image that is there"
    }
    let pattern =
      source.glob ?? "**/*.{\(FolderScan.imageEndings.joined(separator: ","))}"
    return "no image in '\(source.path)' (glob \(pattern))"
  }
}
