private import COnnxRuntime
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Where the ONNX Runtime library may be.
///
/// A library that is opened can do anything, so it is taken only from where whoever put the program
/// there could have put it: beside an installed program, or from the checkout the program was built
/// in, and only while nobody else may change it.
enum OnnxLibrary {
  /// Variables that name the library; one that is set decides alone.
  static let variables = ["PARALLAX_ONNXRUNTIME", "ORT_DYLIB_PATH"]

  #if canImport(Darwin)
    static let fileName = "libonnxruntime.dylib"
  #else
    static let fileName = "libonnxruntime.so"
  #endif

  /// A file to try, or why it is not tried.
  struct Candidate: Hashable {
    var path: String
    var refusal: String?
  }

  /// The variable that is set, with its value.
  static var named: (variable: String, path: String)? {
    for variable in variables {
      if let path = Environment.variables[variable], !path.isEmpty { return (variable, path) }
    }
    return nil
  }

  /// Files to try in order: beside an installed program, then in the `.cache` of the checkout, then by
  /// name, which leaves the search to the dynamic linker.
  ///
  /// The working folder is not searched: a library found there may be anyone's.
  static var usualPlaces: [Candidate] {
    programs.flatMap { candidates(for: $0) } + [Candidate(path: fileName)]
  }

  /// - Parameter program: its file, without symbolic links.
  static func candidates(for program: String) -> [Candidate] {
    let folder = PathText.folder(of: program)
    var roots = [
      (PathText.folder(of: folder), "lib/parallax"), (PathText.folder(of: folder), "lib"),
    ]
    if let checkout = checkout(above: folder) { roots.append((checkout, ".cache/onnxruntime")) }
    let owner = FileStatus(at: program)?.owner
    return roots.compactMap { root, place in
      let path = "\(root)/\(place)/\(fileName)"
      guard FileStatus.exists(path) else { return nil }
      return Candidate(path: path, refusal: refusal(of: path, below: root, programOwner: owner))
    }
  }

  /// The checkout that a program lies in the build folder of: the nearest folder above with a manifest
  /// of this package.
  private static func checkout(above folder: String) -> String? {
    var ancestor = folder
    for _ in 0..<6 where ancestor != "/" {
      ancestor = PathText.folder(of: ancestor)
      let manifest = "\(ancestor)/Package.swift"
      guard FileStatus.exists(manifest) else { continue }
      let text = (try? InputFile.contents(of: manifest, atMost: 1 << 20)) ?? []
      return String(decoding: text, as: UTF8.self).contains("name: \"Parallax\"") ? ancestor : nil
    }
    return nil
  }

  /// Why a file is not to be trusted: others may change it, or one of the folders down to it.
  private static func refusal(
    of path: String, below root: String, programOwner: UInt32?
  ) -> String? {
    let trusted = Set([0, UInt32(geteuid()), programOwner].compactMap { $0 })
    var part = path
    while true {
      guard let status = FileStatus(at: part) else { return "'\(part)' cannot be examined" }
      if !trusted.contains(status.owner) {
        return "'\(part)' belongs to another user, who could change it"
      }
      if status.permissions & 0o002 != 0 {
        return "'\(part)' is writable by everyone ('chmod o-w' fixes that)"
      }
      if part == root { return nil }
      part = PathText.folder(of: part)
    }
  }

  /// The executable, and the image holding this code (tests run inside another program).
  private static var programs: [String] {
    let image = cort_own_path().map { String(cString: $0) }.flatMap { $0.first == "/" ? $0 : nil }
    var programs: [String] = []
    for file in ["/proc/self/exe", image].compactMap({ $0.flatMap { try? PathText.resolved($0) } })
    where !programs.contains(file) {
      programs.append(file)
    }
    return programs
  }
}
