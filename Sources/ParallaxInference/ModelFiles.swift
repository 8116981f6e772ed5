private import ParallaxCore

/// Which files of a folder are the towers, and where the files beside them lie.
///
/// A folder is searched in `onnx/` and then in itself. The first of these that is
/// complete is taken, each in full precision first (`vision_model.onnx`), then
/// `_fp16`, `_int8`, `_quantized`, `_uint8`: both towers of one precision, or
/// `model.onnx`; then one tower alone; then the only `.onnx` file there is. A path
/// to a file takes that file, with the other tower of the same precision beside it.
struct ModelFiles {
  var image: String?
  var text: String?
  /// A file that may hold both towers, which its inputs will tell.
  var either: String?
  /// Where configuration and tokenizer are looked for, in order.
  var folders: [String]

  /// Endings of file names by precision, in order of preference.
  private static let precisions = ["", "_fp16", "_int8", "_quantized", "_uint8"]

  /// - Throws: `unreadable-file` when there is nothing at `path`; `invalid-model`
  ///   when it holds no model.
  init(at path: String) throws {
    guard Files.exists(path) else {
      throw ParallaxError(.unreadableFile, "there is no model at '\(path)'")
    }
    if Files.isFolder(path) {
      folders = [path, "\(path)/onnx"].filter(Files.isFolder)
      try find(in: path)
    } else {
      let folder = Files.folder(of: path)
      folders = Files.name(of: folder) == "onnx" ? [folder, Files.folder(of: folder)] : [folder]
      take(file: path, in: folder)
    }
  }

  /// The first file of one of these names.
  func neighbour(_ names: String...) -> String? {
    for name in names {
      for folder in folders where Files.exists("\(folder)/\(name)") { return "\(folder)/\(name)" }
    }
    return nil
  }

  private mutating func take(file: String, in folder: String) {
    let stem = Files.name(of: file).split(separator: ".").dropLast().joined(separator: ".")
    func other(_ tower: String, _ from: String) -> String? {
      let path = "\(folder)/\(tower)\(stem.dropFirst(from.count)).onnx"
      return Files.exists(path) ? path : nil
    }
    if stem.hasPrefix("vision_model") {
      (image, text) = (file, other("text_model", "vision_model"))
    } else if stem.hasPrefix("text_model") {
      (image, text) = (other("vision_model", "text_model"), file)
    } else {
      either = file
    }
  }

  private mutating func find(in folder: String) throws {
    let places = ["\(folder)/onnx", folder]
    func find(_ name: String) -> String? {
      places.map { "\($0)/\(name).onnx" }.first(where: Files.exists)
    }
    for precision in Self.precisions {
      (image, text) = (find("vision_model\(precision)"), find("text_model\(precision)"))
      if image != nil, text != nil { return }
      (image, text) = (nil, nil)
      either = find("model\(precision)")
      if either != nil { return }
    }
    for precision in Self.precisions {
      (image, text) = (find("vision_model\(precision)"), find("text_model\(precision)"))
      if image != nil || text != nil { return }
    }
    let all = places.flatMap { place in Files.names(in: place).map { "\(place)/\($0)" } }
      .filter { $0.hasSuffix(".onnx") }
    guard all.count == 1 else {
      throw ParallaxError(
        .invalidModel,
        all.isEmpty
          ? "'\(folder)' holds no '.onnx' file"
          : "'\(folder)' holds several models: "
            + all.map { "'\(Files.name(of: $0))'" }.joined(separator: ", "),
        hint: all.isEmpty
          ? "a model folder has 'onnx/vision_model.onnx' and 'onnx/text_model.onnx', "
            + "or 'model.onnx'" : "name one of the files")
    }
    either = all[0]
  }
}
