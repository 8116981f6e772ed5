#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A file open for reading, whatever it is, until the value goes.
package struct FileDescriptor: ~Copyable {
  package let number: Int32

  /// Opens without waiting: a named pipe without a writer would otherwise hold the program for ever.
  package init(reading path: String) throws(SystemError) {
    // The system would read such a name up to its NUL, and open another file.
    guard !path.utf8.contains(0) else { throw .encoding }
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { throw .last }
    self.number = number
  }

  deinit { close(number) }
}
