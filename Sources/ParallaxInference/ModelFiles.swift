private import ParallaxCore
private import ParallaxSystem

/// Which files of a folder are the towers, and where the files beside them lie.
///
/// A folder is searched in `onnx/` and then in itself. Both towers of one precision are taken first,
/// or `model.onnx`, which may hold both, full precision before the others (``ModelPrecision``); then
/// the best of each tower, whatever their precisions; then the only `.onnx` file there is. A path to
/// a file takes that file, with the other tower beside it, of the same precision where there is one.
/// `notes` report what was chosen among several; `warnings`, what a person may not have meant.
struct ModelFiles {
  var image: String?
  var text: String?
  /// A file that may hold both towers, which its inputs will tell.
  var either: String?
  /// Where configuration and tokenizer are looked for, in order.
  var folders: [String]
  private(set) var notes: [String] = []
  private(set) var warnings: [String] = []

  /// - Throws: `unreadable-file` when there is nothing at `path`; `invalid-model`
  ///   when it holds no model.
  init(at path: String) throws {
    guard FileStatus.exists(path) else {
      throw ParallaxError(.unreadableFile, "there is no model at '\(path)'")
    }
    if FileStatus.isFolder(path) {
      folders = [path, "\(path)/onnx"].filter(FileStatus.isFolder)
      try find(in: path)
    } else {
      let folder = PathText.folder(of: path)
      folders =
        PathText.name(of: folder) == "onnx" ? [folder, PathText.folder(of: folder)] : [folder]
      take(file: path, in: folder)
    }
  }

  /// The first file of one of these names.
  func neighbour(_ names: String...) -> String? {
    for name in names {
      for folder in folders where FileStatus.exists("\(folder)/\(name)") {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }

  private mutating func take(file: String, in folder: String) {
    let candidates = ModelCandidates(in: [folder])
    switch ModelCandidates.Candidate(path: file)?.part {
    case .image: (image, text) = (file, other(than: file, among: candidates.text))
    case .text: (image, text) = (other(than: file, among: candidates.image), file)
    case .either, nil: either = file
    }
  }

  /// The tower that goes with one that was named.
  private mutating func other(
    than file: String, among candidates: [ModelCandidates.Candidate]
  ) -> String? {
    guard let own = ModelCandidates.Candidate(path: file),
      let best = candidates.first(where: { $0.precision == own.precision }) ?? candidates.first
    else { return nil }
    if best.precision != own.precision { mixed(own, best, outOf: candidates.count) }
    return best.path
  }

  private mutating func find(in folder: String) throws {
    let places = ["\(folder)/onnx", folder]
    let candidates = ModelCandidates(in: places)
    let chosen = candidates.complete ?? candidates.mixed
    for candidate in chosen {
      switch candidate.part {
      case .image: image = candidate.path
      case .text: text = candidate.path
      case .either: either = candidate.path
      }
    }
    if chosen.isEmpty {
      either = try only(in: places, of: folder)
      return
    }
    if chosen.count == 2, chosen[0].precision != chosen[1].precision {
      mixed(
        chosen[0], chosen[1], outOf: max(candidates.image.count, candidates.text.count))
    } else if candidates.all.count > chosen.count {
      let others = candidates.all.filter { !chosen.contains($0) }
      let said =
        "the model is \(chosen.map { "'\($0.name)'" }.joined(separator: " and ")), which leaves out "
        + "\(others.map { "'\($0.name)'" }.joined(separator: ", ")); "
        + "give the path of a file to use that file"
      if others.contains(where: { $0.precision < chosen[0].precision }) {
        warnings.append(said)
      } else {
        notes.append(said)
      }
    }
    warnings += candidates.doubled.map {
      "'\($0)' is in '\(folder)/onnx' and in '\(folder)'; the one in 'onnx' is used"
    }
  }

  /// - Parameter count: of how many files the second was, or either of them, the best.
  private mutating func mixed(
    _ first: ModelCandidates.Candidate, _ second: ModelCandidates.Candidate, outOf count: Int
  ) {
    let towers =
      "the towers are of two precisions: '\(first.name)' (\(first.precision.summary)) and "
      + "'\(second.name)' (\(second.precision.summary))"
    if count > 1 {
      warnings.append(
        towers + ", the best available; to use others, put two into a folder of their own")
    } else {
      notes.append(towers)
    }
  }

  /// The one file of any name.
  private func only(in places: [String], of folder: String) throws -> String {
    let all = places.flatMap { place in ModelCandidates.names(in: place).map { "\(place)/\($0)" } }
      .filter { $0.hasSuffix(".onnx") }
    guard all.count == 1 else {
      throw ParallaxError(
        .invalidModel,
        all.isEmpty
          ? "'\(folder)' holds no '.onnx' file"
          : "'\(folder)' holds several models: "
            + all.map { "'\(PathText.name(of: $0))'" }.joined(separator: ", "),
        hint: all.isEmpty
          ? "a model folder has 'onnx/vision_model.onnx' and 'onnx/text_model.onnx', "
            + "or 'model.onnx'" : "name one of the files")
    }
    return all[0]
  }
}
