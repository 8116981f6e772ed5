#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Folders: what is in them, and making them.
package enum Folder {
  /// A name in a folder.
  package struct Entry: Sendable, Hashable {
    /// As the file system has it.
    package var bytes: [UInt8]
    /// `nil` where the listing does not say.
    package var kind: FileStatus.Kind?

    /// `nil` for a name that is not UTF-8.
    package var name: String? { String(validating: bytes, as: UTF8.self) }
  }

  /// Calls `body` with each entry but `.` and `..`, in no order.
  package static func forEachEntry(
    in path: String, _ body: (Entry) -> Void
  ) throws(SystemError) {
    guard let folder = opendir(path) else { throw .last }
    defer { closedir(folder) }
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
    while true {
      errno = 0
      guard let entry = readdir(folder) else { break }
      // The record may be shorter than the declared structure: the name is read in place.
      let start = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: UInt8.self)
      let bytes = Array(UnsafeBufferPointer(start: start, count: strlen(start)))
      guard bytes != [UInt8(ascii: ".")], bytes != Array("..".utf8) else { continue }
      body(Entry(bytes: bytes, kind: kind(entry.pointee.d_type)))
    }
    guard errno == 0 else { throw .last }
  }

  /// The entries in the byte order of their names, without `.` and `..`.
  package static func entries(in path: String) throws(SystemError) -> [Entry] {
    var entries: [Entry] = []
    try forEachEntry(in: path) { entries.append($0) }
    return entries.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// Makes a folder, unless it is there.
  package static func make(_ path: String, permissions: UInt32 = 0o777) throws(SystemError) {
    guard mkdir(path, mode_t(permissions)) != 0 else { return }
    // A file system may refuse to write before it says that the folder is there.
    let error = SystemError.last
    guard FileStatus.isFolder(path) else { throw error }
  }

  /// Makes the folders above a file.
  package static func makeParents(of path: String, permissions: UInt32) throws(SystemError) {
    let folder = PathText.folder(of: path)
    guard !FileStatus.isFolder(folder) else { return }
    try makeParents(of: folder, permissions: permissions)
    try make(folder, permissions: permissions)
  }

  /// Removes a folder if it is empty.
  package static func removeIfEmpty(_ path: String) { rmdir(path) }

  /// Removes a file, if it is there.
  package static func removeFile(_ path: String) { unlink(path) }

  /// Removes a folder with everything in it, as far as that is allowed; links are not followed.
  package static func removeAll(_ path: String) {
    for entry in (try? entries(in: path)) ?? [] {
      let inner = "\(path)/\(String(decoding: entry.bytes, as: UTF8.self))"
      if unlink(inner) != 0 { removeAll(inner) }
    }
    rmdir(path)
  }

  private static func kind(_ type: UInt8) -> FileStatus.Kind? {
    switch Int32(type) {
    case Int32(DT_REG): .file
    case Int32(DT_DIR): .folder
    case Int32(DT_LNK): .link
    case Int32(DT_FIFO): .pipe
    case Int32(DT_SOCK): .socket
    case Int32(DT_CHR), Int32(DT_BLK): .device
    default: nil
    }
  }
}
