internal import ParallaxCore
internal import ParallaxHTTP
private import ParallaxSystem

/// A file that holds a key and that nobody else can read.
enum KeyFile {
  /// - Throws: `missing-key` when other users can read the file, or it holds no key.
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
  /// - Throws: `missing-key` when others may read it, or it is longer than any such file.
  static func text(at path: String, longest: Int) throws -> String {
    let bytes: [UInt8]
    do {
      let file = try InputFile(path)
      guard file.status.permissions & 0o077 == 0 else {
        throw ParallaxError(
          .missingKey, "other users can read the key file '\(path)'", hint: "chmod 600 '\(path)'")
      }
      bytes = try file.contents(atMost: longest)
    } catch let error as ParallaxError where error.code == .unreadableFile {
      throw ParallaxError(
        .missingKey, "cannot use the key file '\(path)'", hint: error.hint, cause: error)
    }
    guard !bytes.isEmpty else { throw unusable(path, "it is empty") }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func unusable(_ path: String, _ reason: String) -> ParallaxError {
    ParallaxError(.missingKey, "cannot use the key file '\(path)': \(reason)")
  }
}
