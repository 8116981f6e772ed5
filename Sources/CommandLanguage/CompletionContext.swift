#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What is on hand to complete with; asked for on Tab, so it must answer at once.
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
  /// Some texts that a field holds and that begin with `prefix`; `object` as for `fields(of:)`.
  func values(ofField field: String, of object: String?, startingWith prefix: String) -> [String]
  /// The names in a folder, empty when it cannot be read; folders end in `/`.
  func entries(ofDirectory path: String) -> [String]
}

extension CompletionContext {
  package func values(ofSetting setting: String) -> [String] { [] }

  package func values(
    ofField field: String, of object: String?, startingWith prefix: String
  ) -> [String] { [] }

  package func entries(ofDirectory path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      var properties = stat()
      let isFolder =
        unsafe stat("\(path)/\(name)", &properties) == 0
        && properties.st_mode & S_IFMT == S_IFDIR
      names.append(isFolder ? name + "/" : name)
    }
    return names.sorted()
  }
}
