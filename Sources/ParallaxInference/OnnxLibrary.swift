private import COnnxRuntime

/// Where the ONNX Runtime library may be.
enum OnnxLibrary {
  /// Variables that name the library; one that is set decides alone.
  static let variables = ["PARALLAX_ONNXRUNTIME", "ORT_DYLIB_PATH"]

  #if canImport(Darwin)
    static let fileName = "libonnxruntime.dylib"
  #else
    static let fileName = "libonnxruntime.so"
  #endif

  /// The variable that is set, with its value.
  static var named: (variable: String, path: String)? {
    for variable in variables {
      if let path = Files.environment(variable) { return (variable, path) }
    }
    return nil
  }

  /// Files to try in order: beside an installed program, then in a checkout's
  /// `.cache`, then by name, which leaves the search to the dynamic linker.
  ///
  /// The working folder is not searched: a library found there may be anyone's.
  static var usualPlaces: [String] {
    var places: [String] = []
    for folder in programFolders {
      places.append("\(folder)/../lib/\(fileName)")
      var ancestor = folder
      for _ in 0..<6 where ancestor != "/" {
        places.append("\(ancestor)/.cache/onnxruntime/\(fileName)")
        ancestor = Files.folder(of: ancestor)
      }
    }
    return places.filter(Files.exists) + [fileName]
  }

  /// The folder of the executable, and that of the image holding this code (tests
  /// run inside another program).
  private static var programFolders: [String] {
    let image = cort_own_path().map { String(cString: $0) }.flatMap { $0.first == "/" ? $0 : nil }
    let files = ["/proc/self/exe", image].compactMap { $0.flatMap(Files.resolved) }
    return files.map(Files.folder(of:))
  }
}
