#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What is on hand to complete with; asked for on Tab, so it must answer from memory.
package protocol CompletionContext {
  var collections: [String] { get }
  /// In full: `photos@base`.
  var spaces: [String] { get }
  var results: [String] { get }
  var settings: [String] { get }
  var variables: [String] { get }
  var models: [String] { get }
  /// The fields of a collection or space, the columns of a result; of the object in use when `nil`.
  func fields(of object: String?) -> [String]
  func values(ofSetting setting: String) -> [String]
  /// The names in a folder, empty when it cannot be read; folders end in `/`.
  func entries(ofDirectory path: String) -> [String]
}

extension CompletionContext {
  package func values(ofSetting setting: String) -> [String] { [] }

  package func entries(ofDirectory path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      var kind = stat()
      let isFolder =
        stat("\(path)/\(name)", &kind) == 0 && kind.st_mode & S_IFMT == S_IFDIR
      names.append(isFolder ? name + "/" : name)
    }
    return names.sorted()
  }
}
