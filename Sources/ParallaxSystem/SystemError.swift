package import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Why a system call failed.
package struct SystemError: Error, Sendable, Hashable {
  package let number: Int32

  package init(_ number: Int32) { self.number = number }

  /// Of the call just made.
  package static var last: SystemError { SystemError(errno) }

  /// The system's own words, such as `No such file or directory`.
  package var reason: String { String(cString: strerror(number)) }

  /// Whether the file, or a folder on the way to it, is not there.
  package var isMissing: Bool { number == ENOENT || number == ENOTDIR }

  /// Whether another program listens there.
  package var isAddressInUse: Bool { number == EADDRINUSE }

  /// Whether an address belongs to another machine.
  package var isAddressMissing: Bool { number == EADDRNOTAVAIL }

  package var isLoop: Bool { number == ELOOP }

  /// Whether a name is not UTF-8.
  package var isEncoding: Bool { number == EILSEQ }

  /// For a name that no text can spell.
  static let encoding = SystemError(EILSEQ)
}

extension ParallaxError {
  /// `unreadable-file` with the reason.
  package static func unreadable(
    _ path: String, _ reason: String, hint: String? = nil
  ) -> ParallaxError {
    ParallaxError(.unreadableFile, "cannot read '\(path)': \(reason)", hint: hint)
  }

  /// `unreadable-file` with the system's reason.
  package static func unreadable(_ path: String, _ error: SystemError) -> ParallaxError {
    unreadable(path, error.reason)
  }
}
