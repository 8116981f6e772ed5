internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A file that holds a key and that nobody else can read.
enum KeyFile {
  /// - Throws: `authentication` when others may read the file, or it holds no key.
  static func key(at path: String) throws -> Secret {
    // No key is near this long; a wrong file may be.
    let key = Secret(try text(at: path, longest: 4_096))
    guard !key.isEmpty, key.isOneWord else {
      throw unusable(path, "it holds no key, which is one line of letters and digits")
    }
    return key
  }

  /// The whole of a file that holds secrets.
  ///
  /// - Throws: `authentication` when others may read it, or it is longer than any such file.
  static func text(at path: String, longest: Int) throws -> String {
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
    guard count > 0, count < longest else {
      throw unusable(path, count == 0 ? "it is empty" : "it is longer than any such file")
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private static func unusable(_ path: String, _ reason: String) -> ParallaxError {
    ParallaxError(.authentication, "cannot use the key file '\(path)': \(reason)")
  }
}
