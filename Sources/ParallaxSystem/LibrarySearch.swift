package import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Where a library may be that is opened at run time, if it is there.
///
/// A library that is opened can do anything, so it is taken only from where whoever put the program
/// there could have put it: beside an installed program, or from the checkout the program was built
/// in, and only while nobody else may change it.
package struct LibrarySearch: Sendable {
  /// Variables that name the library; one that is set decides alone.
  package var variables: [String]
  package var fileName: String
  /// The folder in the checkout's `.cache`.
  package var folder: String
  /// Whether the dynamic linker may look for it by its name in the end.
  package var asksLinker: Bool
  /// The file that the program's code was loaded from, as the dynamic linker knows it.
  package var image: String?
  /// What a person is told who has none: what needs it, and the remedy.
  package var need: String
  package var remedy: String

  /// - Parameter name: of the file, without `lib` and its ending.
  package init(
    _ name: String, in folder: String, variables: [String], asksLinker: Bool, image: String?,
    need: String, remedy: String
  ) {
    #if canImport(Darwin)
      fileName = "lib\(name).dylib"
    #else
      fileName = "lib\(name).so"
    #endif
    self.folder = folder
    self.variables = variables
    self.asksLinker = asksLinker
    self.image = image
    self.need = need
    self.remedy = remedy
  }

  /// A file to try, or why it is not tried.
  package struct Candidate: Sendable, Hashable {
    package var path: String
    package var refusal: String?

    package init(path: String, refusal: String? = nil) {
      self.path = path
      self.refusal = refusal
    }
  }

  /// Why a file could not be opened.
  package struct Failure: Error {
    package var reason: String

    package init(_ reason: String) { self.reason = reason }
  }

  /// The variable that is set, with its value.
  package var named: (variable: String, path: String)? {
    for variable in variables {
      if let path = Environment.variables[variable], !path.isEmpty { return (variable, path) }
    }
    return nil
  }

  /// Files to try in order: beside an installed program, then in the `.cache` of the checkout, then by
  /// name.
  ///
  /// The working folder is not searched: a library found there may be anyone's.
  package var usualPlaces: [Candidate] {
    programs.flatMap { candidates(for: $0) } + (asksLinker ? [Candidate(path: fileName)] : [])
  }

  /// - Parameter program: its file, without symbolic links.
  package func candidates(for program: String) -> [Candidate] {
    let folder = PathText.folder(of: program)
    var roots = [
      (PathText.folder(of: folder), "lib/parallax"), (PathText.folder(of: folder), "lib"),
    ]
    if let checkout = Self.checkout(above: folder) {
      roots.append((checkout, ".cache/\(self.folder)"))
    }
    let owner = FileStatus(at: program)?.owner
    return roots.compactMap { root, place in
      let path = "\(root)/\(place)/\(fileName)"
      guard FileStatus.exists(path) else { return nil }
      return Candidate(path: path, refusal: Self.refusal(of: path, below: root, owner))
    }
  }

  /// Opens the library that a variable names, or else the first of some others.
  ///
  /// - Returns: what `open` made, and the file it made it of.
  /// - Throws: `missing-component` when there is none.
  package func first<Library>(
    named: (variable: String, path: String)?, otherwise candidates: [Candidate],
    _ open: (String) -> Result<Library, Failure>
  ) throws(ParallaxError) -> (library: Library, path: String) {
    guard let named else { return try first(of: candidates, open) }
    switch open(named.path) {
    case .success(let library): return (library, named.path)
    case .failure(let failure):
      throw ParallaxError(
        .missingComponent,
        "'\(named.variable)' names '\(named.path)', which cannot be opened: \(failure.reason)",
        hint: "unset it and \(remedy)")
    }
  }

  private func first<Library>(
    of candidates: [Candidate], _ open: (String) -> Result<Library, Failure>
  ) throws(ParallaxError) -> (library: Library, path: String) {
    var refusals: [String] = []
    for candidate in candidates {
      if let refusal = candidate.refusal {
        refusals.append("'\(candidate.path)' was not opened: \(refusal)")
        continue
      }
      switch open(candidate.path) {
      case .success(let library): return (library, candidate.path)
      case .failure(let failure):
        if candidate.path.contains("/") {
          refusals.append("'\(candidate.path)': \(failure.reason)")
        }
      }
    }
    let tried = refusals.isEmpty ? "" : "; \(refusals.joined(separator: "; "))"
    throw ParallaxError(
      .missingComponent, "\(need), which was not found\(tried)",
      hint: "\(remedy), or name the library in \(variables[0])")
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
    of path: String, below root: String, _ programOwner: UInt32?
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
  private var programs: [String] {
    var programs: [String] = []
    for file in ["/proc/self/exe", image].compactMap({ $0 }) where file.hasPrefix("/") {
      guard let program = try? PathText.resolved(file) else { continue }
      if !programs.contains(program) { programs.append(program) }
    }
    return programs
  }
}
