internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A file that holds a key and that nobody else can read.
enum KeyFile {
  /// No key is near this long; a wrong file may be.
  private static let longest = 4_096

  /// - Throws: `authentication` when others may read the file, or it holds no key.
  static func key(at path: String) throws -> Secret {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw unusable(path, String(cString: strerror(errno)).lowercased())
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw unusable(path, "it is not a regular file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw ParallaxError(
        .authentication, "others may read the key file '\(path)'", hint: "chmod 600 '\(path)'")
    }
    var bytes = [UInt8](repeating: 0, count: longest)
    let count = read(descriptor, &bytes, bytes.count)
    let key = Secret(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
    guard count > 0, count < longest, !key.isEmpty, key.isOneWord else {
      throw unusable(path, "it holds no key, which is one line of letters and digits")
    }
    return key
  }

  private static func unusable(_ path: String, _ reason: String) -> ParallaxError {
    ParallaxError(.authentication, "cannot use the key file '\(path)': \(reason)")
  }
}
